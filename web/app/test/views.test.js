// The page's forms: made from the policy and the settings, and what they send.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf, textOf } from "../../components/src/nodes.js";
import { activityView } from "../activity-view.js";
import { factsView } from "../facts-view.js";
import { inputOf, usual } from "../inputs.js";
import { settingsView } from "../settings-view.js";

const policy = {
  activityTypes: [
    { activityType: "quiz_completed", category: "quiz", counts: "when_xp", fields: [{ name: "difficulty", kind: "choice", choices: ["easy", "hard"] }, { name: "score", kind: "number", minimum: 0, maximum: 100 }] },
    { activityType: "lines_written", category: null, counts: "always", fields: [{ name: "lines", kind: "whole_number", minimum: 0, maximum: 9007199254740991 }] },
  ],
};
const settings = { timeZone: "Mars/Olympus", autoFreeze: true, restWeekdays: ["sunday"], pause: null, plannedFreezes: [] };
const activity = (chosen = null, choose = () => {}) => activityView({ policy, chosen, said: "", choose, send: () => {} });
const named = (nodes) => elementsOf(nodes, ({ tag, attributes }) => ["input", "select"].includes(tag) && attributes.name !== "activityType").map(({ attributes }) => attributes);

test("a form has the fields of the chosen type, whatever types the policy has, within their bounds", () => {
  assert.deepEqual(named(activity()).map(({ name }) => name), ["difficulty", "score"]);
  assert.deepEqual(named(activity("quiz_completed"))[1], { name: "score", type: "number", required: true, min: 0, max: 100, step: "any", value: 80 });
  const [lines] = named(activity("lines_written"));
  assert.deepEqual([lines.name, lines.step], ["lines", 1]);
  assert.match(textOf(activity("lines_written")), /Lines(?!,)/);
  assert.match(textOf(activity()), /Score, 0 to 100/);
});

test("numbers are sent as numbers and choices as words, of the chosen type alone", () => {
  const form = new Map([["activityType", "quiz_completed"], ["difficulty", "hard"], ["score", "87.5"], ["lines", "3"]]);
  assert.deepEqual(inputOf(form, policy), { activityType: "quiz_completed", metadata: { difficulty: "hard", score: 87.5 } });
  assert.deepEqual(inputOf(new Map([...form, ["activityType", "lines_written"]]), policy), { activityType: "lines_written", metadata: { lines: 3 } });
});

test("what a field has before is inside its bounds", () => {
  assert.deepEqual([usual({ kind: "whole_number", minimum: 1, maximum: 10 }), usual({ kind: "whole_number", minimum: 200, maximum: 1000 }), usual({ kind: "number", minimum: 0 }), usual({ kind: "choice", choices: ["a"] })], [8, 280, 80, "a"]);
});

test("each setting says what is so, and its change is sent alone", async () => {
  const sent = [];
  const client = { changeSettings: (input) => sent.push(input), endPause: (input) => sent.push(input) };
  const pauses = [{ pauseId: "p", from: "2026-03-02", until: "2026-03-04" }];
  const nodes = settingsView({ settings, pauses, today: "2026-03-01", said: "", act: (change) => change(client) });
  const boxes = elementsOf(nodes, ({ attributes }) => attributes.type === "checkbox");
  assert.deepEqual(boxes.map(({ attributes }) => attributes.checked ?? false), [false, false, false, false, false, false, true, true]);
  const ticked = [{ value: "sunday", checked: true }, { value: "monday", checked: true }, { value: "friday", checked: false }];
  boxes[0].attributes.onchange({ target: { closest: () => ({ querySelectorAll: () => ticked }) } });
  for (const checked of [false, true]) boxes[7].attributes.onchange({ target: { checked } });
  elementsOf(nodes, ({ tag }) => tag === "select")[0].attributes.onchange({ target: { value: "UTC" } });
  elementsOf(nodes, ({ attributes }) => attributes["aria-label"]?.startsWith("End"))[0].attributes.onclick();
  assert.deepEqual(sent, [{ restWeekdays: ["monday", "sunday"] }, { autoFreeze: false }, { autoFreeze: true }, { timeZone: "UTC" }, { pauseId: "p" }]);
});

test("a zone that the browser does not know is still shown as the user's", () => {
  const chosen = elementsOf(settingsView({ settings, pauses: [], today: "", said: "", act: () => {} }), ({ attributes }) => attributes.selected);
  assert.deepEqual(chosen.map(({ attributes }) => attributes.value), ["Mars/Olympus"]);
});

test("a streak that nobody knows is not told as one", () => {
  assert.deepEqual(factsView(null), []);
  const document = { longestStreak: 3, xpTotal: 1000, timeZone: "UTC" };
  assert.match(textOf(factsView({ status: null, freezesAvailable: null, document })), /^Nobody knows/);
  assert.match(textOf(factsView({ status: "extended", freezesAvailable: 1, document })), /^Done for today.*XP 1,000 Freezes 1 Zone UTC$/);
});
