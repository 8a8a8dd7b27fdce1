// The page's forms: made from the policy and the settings, and what they send.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf, textOf } from "../../components/src/nodes.js";
import { activityView } from "../activity-view.js";
import { factsView } from "../facts-view.js";
import { inputOf, usual } from "../inputs.js";
import { DE } from "../de.js";
import { chosen } from "../language.js";
import { settingsView } from "../settings-view.js";
import { shareView } from "../share-view.js";
import { EN } from "../texts.js";
import { wordsFor } from "../../components/src/words.js";

const words = wordsFor("en");

const policy = {
  activityTypes: [
    { activityType: "quiz_completed", category: "quiz", counts: "when_xp", fields: [{ name: "difficulty", kind: "choice", choices: ["easy", "hard"] }, { name: "score", kind: "number", minimum: 0, maximum: 100 }] },
    { activityType: "lines_written", category: null, counts: "always", fields: [{ name: "lines", kind: "whole_number", minimum: 0, maximum: 9007199254740991 }] },
  ],
};
const settings = { timeZone: "Mars/Olympus", autoFreeze: true, restWeekdays: ["sunday"], pause: null, plannedFreezes: [] };
const activity = (chosen = null, choose = () => {}) => activityView({ policy, chosen, said: "", words, choose, send: () => {} });
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
  const nodes = settingsView({ settings, pauses, today: "2026-03-01", said: "", words, act: (change) => change(client) });
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
  const chosen = elementsOf(settingsView({ settings, pauses: [], today: "", said: "", words, act: () => {} }), ({ attributes }) => attributes.selected);
  assert.deepEqual(chosen.map(({ attributes }) => attributes.value), ["Mars/Olympus"]);
});

test("a streak that nobody knows is not told as one", () => {
  assert.deepEqual(factsView(null, words), []);
  const document = { longestStreak: 3, xpTotal: 1000, timeZone: "UTC" };
  assert.match(textOf(factsView({ status: null, freezesAvailable: null, document }, words)), /^Nobody knows/);
  assert.match(textOf(factsView({ status: "extended", freezesAvailable: 1, document }, words)), /^Done for today.*XP 1,000 Freezes 1 Zone UTC$/);
});

test("the page says everything in both languages, and puts in the same", () => {
  assert.deepEqual(Object.keys(EN).filter((name) => !(name in DE)), []);
  assert.deepEqual(Object.keys(DE).filter((name) => !(name in EN) && name.startsWith("page_")), []);
  const placesOf = (text) => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();
  for (const name of Object.keys(EN)) assert.deepEqual(placesOf(DE[name]), placesOf(EN[name]), name);
});

test("the language is the one that is asked for, else the first of the browser's that there is, else English", () => {
  assert.deepEqual([chosen("de", ["en"]), chosen(null, ["fr", "de-AT", "en"]), chosen("fr", ["en-GB"]), chosen(null, ["fr"]), chosen("", [])], ["de", "de-AT", "en-GB", "en", "en"]);
});

test("the same form speaks German, also of the policy's names that are known, and as before of those that are not", () => {
  const german = activityView({ policy, chosen: null, said: "", words: wordsFor("de"), choose: () => {}, send: () => {} });
  assert.match(textOf(german), /Quiz gelöst.*Lines written.*Schwierigkeit.*leicht.*Punkte, 0 bis 100.*Eintragen/);
});

test("each shared picture has its address, and is revoked by its own button", async () => {
  const sent = [];
  const share = { shareId: "x", url: "https://app.example.com/share/x", currentStreak: 3, expiresAt: "2026-04-01T09:00:00Z" };
  const act = (change, done) => sent.push([change({ revokeShare: (input) => input }), done]);
  assert.equal(elementsOf(shareView({ shares: [], said: "", language: "en", words, act }), ({ tag }) => tag === "ul").length, 0);
  const nodes = shareView({ shares: [share], said: "Hm.", language: "en", words, act });
  assert.match(textOf(nodes), /Hm\..*https:\/\/app\.example\.com\/share\/x.*until Wednesday, 1 April 2026|April 1, 2026/);
  assert.deepEqual(elementsOf(nodes, ({ tag }) => tag === "img").map(({ attributes }) => [attributes.src, attributes.alt]), [["/share/x.png", "A picture of 3 days in a row"]]);
  elementsOf(nodes, ({ attributes }) => attributes["aria-label"]?.startsWith("Revoke"))[0].attributes.onclick();
  assert.deepEqual(sent, [[{ shareId: "x" }, EN.page_revoked]]);
});
