// The week: seven days from Monday on, what is done of it, and what that gives.

import assert from "node:assert/strict";
import { test } from "node:test";
import "../src/de.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { weekView } from "../src/week-view.js";
import { wordsFor } from "../src/words.js";
import { consistency, day, withClass } from "./parts.js";

const en = wordsFor("en");
// Thursday: six days before today are asked for too, of which three are of the week before.
const calendar = {
  today: "2026-03-05",
  days: [
    day("2026-02-27"),
    day("2026-02-28"),
    day("2026-03-01"),
    day("2026-03-02", "active", { activityCount: 3, xp: 1250 }),
    day("2026-03-03", "frozen"),
    day("2026-03-04", "missed"),
    day("2026-03-05", "pending"),
  ],
};
const week = (more = {}) => weekView({ data: { calendar, consistency }, failed: false, today: "2026-03-05", words: en, again: () => {}, ...more });

test("it has seven days from Monday on, each told by what became of it", () => {
  assert.deepEqual(withClass(week(), "day").map(textOf), [
    "Monday, March 2, 2026: active, 3 activities, 1,250 XP",
    "Tuesday, March 3, 2026: freeze spent",
    "Wednesday, March 4, 2026: missed",
    "Thursday, March 5, 2026: still open",
    "Friday, March 6, 2026: to come",
    "Saturday, March 7, 2026: to come",
    "Sunday, March 8, 2026: to come",
  ]);
});

test("today is told apart from the other days", () => {
  const marked = withClass(week(), "day").filter(({ attributes }) => attributes["aria-current"] === "date");
  assert.deepEqual(marked.map(textOf), ["Thursday, March 5, 2026: still open"]);
  assert.equal(withClass(week(), "v-today").length, 1);
});

test("a day is linked to the one before where the streak went through both", () => {
  const linked = (nodes) => withClass(nodes, "day").filter((one) => withClass(one, "link").length).map((one) => textOf(one).split(",")[0]);
  assert.deepEqual(linked(week()), ["Tuesday"]);
  const whole = { ...calendar, today: "2026-03-08", days: [0, 1, 2].map((count) => day(`2026-03-0${6 + count}`)) };
  assert.deepEqual(linked(week({ data: { calendar: whole, consistency } })), ["Saturday", "Sunday"]);
});

test("categories are ticked that are done, and the others are open", () => {
  assert.deepEqual(withClass(week(), "tick").map(textOf), ["Flashcards done", "Quiz done", "Evaluation open", "Study guide done"]);
  assert.deepEqual(withClass(week(), "count").map(textOf), ["3 of 4 categories"]);
});

test("the bonus says what it gives while it holds, and else what brings it", () => {
  assert.match(withClass(week(), "bonus").map(textOf)[0], /All 4 in one week/);
  const own = { ...consistency, bonusActive: true, bonusMultiplier: 1.5 };
  const text = (words) => textOf(withClass(week({ data: { calendar, consistency: own }, words }), "bonus"));
  assert.equal(text(en), "3 of 4 categories Bonus: 1.5 times the XP this week");
  assert.equal(text(wordsFor("de")), "3 von 4 Kategorien Bonus: 1,5-fache XP in dieser Woche");
});

test("what is of another day than today, or could not be had anew, says of which day it is", () => {
  assert.deepEqual(withClass(week(), "note"), []);
  for (const more of [{ today: "2026-03-06" }, { today: null }, { failed: true }]) {
    assert.deepEqual(withClass(week(more), "note").map(textOf), ["As of Thursday, March 5, 2026"]);
  }
});

test("where nothing is known it is busy, and where nothing could be had it offers to try again", () => {
  const again = () => {};
  const [busy] = week({ data: null });
  assert.equal(busy.attributes["aria-busy"], "true");
  const [failed] = week({ data: null, failed: true, again });
  assert.equal(failed.attributes["aria-busy"], undefined);
  const [button] = elementsOf(failed, ({ tag }) => tag === "button");
  assert.equal(button.attributes.onclick, again);
});
