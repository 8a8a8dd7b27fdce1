// Achievements: what each asks for, how far somebody has come, and since when it is earned; by the app's own names where it has any.

import assert from "node:assert/strict";
import { test } from "node:test";
import { achievementsView, asks } from "../src/achievements-view.js";
import "../src/goals.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { addTexts, wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const achievement = (name, by, target, more = {}) => ({ achievement: name, by, target, progress: 0, earnedAt: null, offered: true, ...more });
const idle = { failed: false, today: "2026-03-02", again: () => {} };
const view = (achievements, language = "en") => achievementsView({ data: { achievements }, words: wordsFor(language), ...idle });

test("what is still to be earned says what it asks for, and how far one has come as a bar and in numbers", () => {
  const nodes = view([achievement("two_weeks", "streak", 14, { progress: 7 })]);
  assert.match(textOf(withClass(nodes, "goal")), /^Two weeks A streak of 14 days/);
  const [bar] = elementsOf(nodes, ({ tag }) => tag === "progress");
  assert.deepEqual(bar.attributes, { max: 14, value: 7, "aria-label": "Two weeks" });
  assert.deepEqual(withClass(nodes, "progress")[0].children[1], "7 of 14");
});

test("what is earned says since when in place of a bar, also where less is so now or it is offered no more", () => {
  const nodes = view([achievement("xp", "xp", 1_000, { progress: 990, earnedAt: "2026-03-02T12:00:00Z", offered: false })]);
  assert.equal(textOf(withClass(nodes, "goal")), "Xp 1,000 XP in all Earned on March 2, 2026 · offered no more");
  assert.equal(elementsOf(nodes, ({ tag }) => tag === "progress").length, 0);
  assert.deepEqual(withClass(nodes, "v-award").length, 1);
  assert.equal(textOf(withClass(nodes, "head")), "1 of 1 earned");
});

test("each thing that can be asked for has its words, and one of a later version has none", () => {
  const said = (one) => asks({ target: 1, ...one }, wordsFor("en"));
  assert.equal(said({ by: "activities", target: 1 }), "1 activity in all");
  assert.equal(said({ by: "active_days", target: 100 }), "100 active days, in a row or not");
  assert.equal(said({ by: "consistent_weeks", target: 4 }), "4 weeks in a row with all categories");
  assert.equal(said({ by: "day_of_year", days: ["01-01"] }), "Active on January 1");
  assert.equal(said({ by: "day_of_year", days: ["02-29", "12-24"] }), "Active on one of these days: February 29, December 24");
  assert.equal(said({ by: "comeback", daysAway: 14 }), "Back after 14 days away or more, and the end of a streak");
  assert.equal(said({ by: "moon" }), "");
  assert.equal(withClass(view([achievement("moon", "moon", 3)]), "goal").length, 1);
});

test("a bar is never longer than it is, and an app has names of its own", () => {
  addTexts("de", { achievement_deep: "Tiefgang" });
  const nodes = view([achievement("deep", "streak", 3, { progress: 5 })], "de");
  const [bar] = elementsOf(nodes, ({ tag }) => tag === "progress");
  assert.deepEqual([bar.attributes.value, bar.attributes["aria-label"]], [3, "Tiefgang"]);
});

test("where none is offered it says so, and before anything is known it is busy", () => {
  assert.equal(textOf(view([])[0].children), "There are no achievements to earn yet");
  const [waiting] = achievementsView({ data: null, words: wordsFor("en"), ...idle });
  assert.equal(waiting.attributes["aria-busy"], "true");
});
