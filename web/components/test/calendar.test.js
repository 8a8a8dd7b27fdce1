// The calendar: every day once and under its weekday, told by what became of it, and reached by the keyboard.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { VERDICTS as EVERY, calendarView, daysFor, monthsOf, movedBy, shownDays } from "../src/calendar-view.js";
import { daysAfter } from "../src/days.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { wordsFor } from "../src/words.js";
import { day, withClass } from "./parts.js";

const TODAY = "2026-03-05";
const VERDICTS = ["active", "frozen", "missed", "rest"];
const en = wordsFor("en");

/** The last days as the service tells them, verdicts in turn and today open. */
const last = (count, today = TODAY) => ({
  today,
  days: Array.from({ length: count }, (_, index) => {
    const date = daysAfter(today, index + 1 - count);
    return day(date, date === today ? "pending" : VERDICTS[index % VERDICTS.length]);
  }),
});
const acts = { choose: () => {}, hover: () => {}, press: () => {} };
const calendar = ({ months = 1, ...more } = {}) =>
  calendarView({ data: last(daysFor(months)), failed: false, today: TODAY, words: en, again: () => {}, months, chosen: null, hovered: null, acts, ...more });
const dates = (nodes) => withClass(nodes, "cell").map(({ attributes }) => attributes["data-day"]);

test("so many months are shown to today, each day once, and none of the month before", () => {
  assert.deepEqual(dates(calendar()), ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]);
  for (const months of [2, 6, 12]) {
    const nodes = calendar({ months });
    const shown = dates(nodes);
    assert.equal(elementsOf(nodes, ({ tag }) => tag === "table").length, months);
    assert.equal(shown.at(-1), TODAY);
    assert.equal(shown[0].slice(8), "01");
    assert.deepEqual(shown, Array.from({ length: shown.length }, (_, index) => daysAfter(shown[0], index)));
  }
});

test("what is asked for is enough for the months on every day of them, and no more than the service gives", () => {
  for (let index = 0; index < 800; index++) {
    const today = daysAfter("2027-01-01", index);
    for (const months of [1, 3, 12]) {
      const days = shownDays(last(daysFor(months), today), months);
      assert.equal(days[0].date.slice(8), "01", `${today}: ${months}`);
      assert.ok(days.length <= 366);
    }
  }
  assert.equal(daysFor(12), 366);
});

test("months that are no number from 1 to 12 are the nearest that is", () => {
  assert.deepEqual([null, "3", "12", "13", "0", "-1", "two", "1.5"].map(monthsOf), [1, 3, 12, 12, 1, 1, 1, 1]);
});

test("each cell is told whole and today is told apart", () => {
  const cells = withClass(calendar(), "cell");
  assert.deepEqual(cells.at(-1).attributes["aria-label"], "Thursday, March 5, 2026: still open");
  assert.deepEqual(cells.filter(({ attributes }) => attributes["aria-current"]).length, 1);
  assert.equal(cells.at(-1).attributes["aria-current"], "date");
});

test("the day under the pointer is told, else the one that has the focus, else today", () => {
  const detail = (more) => withClass(calendar(more), "detail")[0].children[0];
  assert.match(detail({}), /March 5/);
  assert.match(detail({ chosen: "2026-03-02" }), /March 2/);
  assert.match(detail({ chosen: "2026-03-02", hovered: "2026-03-03" }), /March 3/);
});

test("weeks of which no day is known take no place", () => {
  const weeks = (data) => elementsOf(calendar({ data }), ({ tag }) => tag === "tr").length - 1;
  assert.deepEqual([weeks(last(31)), weeks(last(31, "2026-03-01")), weeks(last(31, "2026-03-31"))], [2, 1, 6]);
});

test("the tabulator stops at one day alone, also where the one that had it is no longer shown", () => {
  for (const [chosen, expected] of [[null, TODAY], ["2026-03-02", "2026-03-02"], ["2026-02-28", TODAY]]) {
    const stops = withClass(calendar({ chosen, months: 1 }), "cell").filter(({ attributes }) => attributes.tabindex === 0);
    assert.deepEqual(stops.map(({ attributes }) => attributes["data-day"]), [expected]);
  }
});

test("the legend can tell every verdict of the contract, and no other", () => {
  const contract = readFileSync(new URL("../../client/src/contract.d.ts", import.meta.url), "utf-8");
  const [, union] = contract.match(/type Verdict = (.+);/);
  assert.deepEqual([...EVERY].sort(), [...union.matchAll(/"(\w+)"/g)].map(([, name]) => name).sort());
});

test("the legend has what is shown and nothing else", () => {
  const legend = (data) => withClass(calendar({ data }), "tick").map(textOf);
  assert.deepEqual(legend(last(31)), ["active", "freeze spent", "rest day", "missed", "still open"]);
  assert.deepEqual(legend({ today: TODAY, days: [day(TODAY, "repaired")] }), ["repaired"]);
});

test("arrows go along the text, up and down by weeks, and never out of what is shown", () => {
  const around = { first: "2026-02-01", last: TODAY, isRightToLeft: false };
  const moved = (key, more = {}) => movedBy("2026-03-03", key, { ...around, ...more });
  assert.deepEqual(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].map((key) => moved(key)), ["2026-03-04", "2026-03-02", "2026-02-24", TODAY]);
  assert.deepEqual(["ArrowRight", "ArrowLeft"].map((key) => moved(key, { isRightToLeft: true })), ["2026-03-02", "2026-03-04"]);
  assert.deepEqual(["Home", "End", "PageUp", "PageDown"].map((key) => moved(key)), ["2026-03-02", TODAY, "2026-02-03", TODAY]);
  assert.equal(moved("PageUp", { first: "2026-02-20" }), "2026-02-20");
  assert.equal(moved("Enter"), null);
});
