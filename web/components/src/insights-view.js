// What `<streak-insights>` shows: the chance of keeping the streak, figures, weekdays, and a year of days. Pure: must not know the DOM.

/** @import { Insights } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { daysAfter } from "./days.js";
import { loadedView } from "./loading-view.js";
import { h, heard } from "./nodes.js";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const DEGREES = 4;
const STEP = 10;
// A few weeks are drawn no larger.
const COLUMNS_MIN = 40;

/** How strongly a day is coloured: 0 for none, else 1 to 4 in quarters of the busiest day. @param {number} count @param {number} most */
export const degreeOf = (count, most) => (count > 0 ? Math.ceil((count / most) * DEGREES) : 0);

/** Nothing is ever certain. @param {number} share @param {Words} words */
const likely = (share, words) => {
  if (share > 0.99) return `>${words.percent(0.99)}`;
  return share < 0.01 ? `<${words.percent(0.01)}` : words.percent(share);
};

/** @param {Insights["keeping"]} keeping @param {Words} words @returns {Node} */
const chance = (keeping, words) => {
  if (!keeping) return h("p", { class: "muted" }, words.say("chanceNone"));
  return h(
    "div",
    { class: "chance" },
    // Its circle is 100 long, so that a share is its dash.
    h(
      "svg",
      { viewBox: "0 0 40 40", class: "ring", "aria-hidden": "true" },
      h("circle", { cx: 20, cy: 20, r: 15.915, class: "rest" }),
      h("circle", { cx: 20, cy: 20, r: 15.915, class: "part", "stroke-dasharray": `${keeping.chance * 100} 100`, transform: "rotate(-90 20 20)" }),
    ),
    h("p", { class: "big" }, likely(keeping.chance, words)),
    h("p", { class: "grow" }, words.say("chance", { day: words.day(keeping.until) }), " ", h("span", { class: "muted" }, words.say("chanceFrom", { count: keeping.sampleDays }))),
  );
};

/** @param {Insights} insights @param {Words} words */
const figures = ({ activitiesPerDay, xpPerDay, bestWeekday, longestGap, breaks, comebacks, comebackDays }, words) => {
  const days = (/** @type {number} */ count) => words.say("days", { count });
  /** @type {[string, string | false | null][]} */
  const told = [
    ["bestWeekday", bestWeekday && words.weekday(WEEKDAYS.indexOf(bestWeekday), "long")],
    ["activitiesPerDay", words.number(activitiesPerDay)],
    ["xpPerDay", words.number(xpPerDay)],
    ["longestGap", longestGap && days(longestGap.days)],
    ["comebacks", breaks > 0 && words.say("comebacksOf", { done: comebacks, total: breaks })],
    ["comebackDays", comebackDays !== null && days(comebackDays)],
  ];
  return told.flatMap(([name, value]) => (value ? [h("div", { class: "figure" }, h("dt", { class: "muted" }, words.say(name)), h("dd", null, value))] : []));
};

/** @param {Insights["weekdays"][number]} weekday @param {number} index @param {Words} words */
const bar = ({ rate }, index, words) => {
  const share = rate === null ? "–" : words.percent(rate);
  return h(
    "li",
    { class: "day" },
    h(
      "svg",
      { viewBox: "0 0 20 60", class: "bar", "aria-hidden": "true" },
      h("rect", { class: "rest", width: 20, height: 60, rx: 4 }),
      rate !== null && h("rect", { class: "part", width: 20, height: rate * 60, y: 60 - rate * 60, rx: 4 }),
    ),
    h("span", { class: "muted", "aria-hidden": "true" }, words.weekday(index, "short")),
    heard(`${words.weekday(index, "long")}:`),
    h("span", { class: "share" }, share),
  );
};

/** @param {Insights["heatmap"]} weeks @param {string} name @param {Words} words */
const heatmap = (weeks, name, words) => {
  const most = Math.max(1, ...weeks.flatMap(({ activities }) => activities.map((count) => count ?? 0)));
  const cells = weeks.flatMap(({ weekStart, activities }, column) =>
    activities.flatMap((count, row) => {
      if (count === null) return [];
      const text = words.say("cell", { day: words.day(daysAfter(weekStart, row)), verdict: words.say("activities", { count }) });
      const place = { x: column * STEP, y: row * STEP, width: STEP - 2, height: STEP - 2, rx: 2 };
      return h("rect", { ...place, class: `heat-${degreeOf(count, most)}` }, h("title", null, text));
    }),
  );
  return h("svg", { viewBox: `0 0 ${Math.max(weeks.length, COLUMNS_MIN) * STEP - 2} ${7 * STEP - 2}`, class: "heat", role: "img", "aria-label": name }, cells);
};

/** @param {Insights["heatmap"]} weeks */
const activeDays = (weeks) => weeks.flatMap(({ activities }) => activities).filter((count) => count).length;

/** @param {Loaded<Insights>} state @returns {Node[]} */
export const insightsView = (state) => {
  const { words } = state;
  return loadedView(state, words.say("insights"), (insights) => {
    const { today, period, heatmap: weeks } = insights;
    if (!period) return { asOf: today, nodes: [h("p", { class: "muted" }, words.say("insightsNone"))] };
    const year = words.say("heatmap", { count: activeDays(weeks), total: words.number(period.days) });
    return {
      asOf: today,
      nodes: [
        chance(insights.keeping, words),
        h("dl", { class: "figures" }, figures(insights, words)),
        h("h2", null, words.say("weekdayRates")),
        h("ol", { class: "week bars", role: "list" }, insights.weekdays.map((weekday, index) => bar(weekday, index, words))),
        h("h2", null, year),
        heatmap(weeks, year, words),
      ],
    };
  });
};
