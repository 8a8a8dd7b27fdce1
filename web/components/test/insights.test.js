// Insights: nothing is claimed that the service does not say, and each day of the year has its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import "../src/de.js";
import { degreeOf, insightsView } from "../src/insights-view.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const weekdays = DAYS.map((weekday, index) => ({ weekday, asked: index, active: 1, rate: index ? 0.5 : null, activities: 1, xp: 25 }));
const young = {
  today: "2026-03-05",
  period: { days: 3, from: "2026-03-02", until: "2026-03-04" },
  activitiesPerDay: 1.5,
  xpPerDay: 1234.5,
  bestWeekday: null,
  weekdays,
  heatmap: [{ weekStart: "2026-03-02", activities: [1, 0, 4, null, null, null, null] }],
  longestGap: null,
  breaks: 0,
  comebacks: 0,
  comebackDays: null,
  keeping: null,
};
const settled = {
  ...young,
  bestWeekday: "sunday",
  longestGap: { days: 1, from: "2026-03-03", until: "2026-03-03" },
  breaks: 3,
  comebacks: 2,
  comebackDays: 4,
  keeping: { chance: 0.873, sampleDays: 214, until: "2026-03-08" },
};
const insights = (data, language = "en") => insightsView({ data, failed: false, today: "2026-03-05", words: wordsFor(language), again: () => {} });
const figures = (nodes) => withClass(nodes, "figure").map(textOf);

test("the chance is said with what it was judged by, and there is none below 28 days", () => {
  assert.equal(textOf(withClass(insights(settled), "chance")), "87% is how likely your streak lasts through Sunday, March 8, 2026.   Judged by 214 days.");
  assert.deepEqual(withClass(insights(young), "chance"), []);
  assert.match(textOf(insights(young)[0].children), /once there are 28 days/);
});

test("no chance is told as certain", () => {
  const told = (chance) => textOf(withClass(insights({ ...settled, keeping: { ...settled.keeping, chance } }), "big"));
  assert.deepEqual([1, 0.99, 0.01, 0].map(told), [">99%", "99%", "1%", "<1%"]);
});

test("what the service can't tell has no figure", () => {
  assert.deepEqual(figures(insights(young)), ["Activities a day 1.5", "XP a day 1,234.5"]);
  assert.deepEqual(figures(insights(settled)), [
    "Best weekday Sunday",
    "Activities a day 1.5",
    "XP a day 1,234.5",
    "Longest gap 1 day",
    "Came back 2 of 3 times",
    "Usually after 4 days",
  ]);
  assert.equal(figures(insights(settled, "de"))[3], "Längste Lücke 1 Tag");
});

test("a weekday that never asked for an activity has no rate, and each is heard with its name", () => {
  const bars = withClass(insights(young), "day").map(textOf);
  assert.deepEqual(bars.slice(0, 2), ["Monday: –", "Tuesday: 50%"]);
  assert.equal(bars.length, 7);
});

test("days are coloured by quarters of the busiest one, and a day without activity by none", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map((count) => degreeOf(count, 4)), [0, 1, 2, 3, 4]);
  assert.deepEqual([degreeOf(1, 1), degreeOf(1, 100), degreeOf(100, 100)], [4, 1, 4]);
  const cells = elementsOf(insights(young), ({ tag, attributes }) => tag === "rect" && attributes.class?.startsWith("heat-"));
  assert.deepEqual(cells.map(({ attributes }) => attributes.class), ["heat-1", "heat-0", "heat-4"]);
  assert.equal(textOf(cells[2]), "Wednesday, March 4, 2026: 4 activities");
});

test("the year is one picture that is heard as a sentence", () => {
  const [heat] = withClass(insights(young), "heat");
  assert.equal(heat.attributes["aria-label"], "Active on 2 days of 3");
  assert.equal(heat.attributes.role, "img");
});

test("before the first day there is a sentence and nothing else", () => {
  const nodes = insights({ ...young, period: null });
  assert.match(textOf(nodes[0].children), /After your first days/);
  assert.equal(elementsOf(nodes, ({ tag }) => tag === "svg").length, 0);
});
