// What `<streak-week>` shows: seven days, the categories that are done, and the bonus. Pure: must not know a clock or the DOM.

/** @import { Calendar, Consistency } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { classOf, told } from "./day-view.js";
import { daysAfter, weekFrom } from "./days.js";
import { loadedView } from "./loading-view.js";
import { h, heard } from "./nodes.js";
import { pictureOf } from "./pictures.js";

/** @typedef {{ calendar: Calendar, consistency: Consistency }} Week */

// After which the streak does not go on, so that nothing links such a day to its neighbours.
const APART = ["missed", "none", "pending"];

/** @param {Week} week @param {Words} words */
const days = ({ calendar, consistency }, words) => {
  /** @param {string} date */
  const dayOf = (date) => calendar.days.find((one) => one.date === date);
  /** @param {string} date */
  const isKept = (date) => !APART.includes(dayOf(date)?.verdict ?? "none");
  return weekFrom(consistency.weekStart).map((date, index) => {
    const day = dayOf(date);
    const isLinked = index > 0 && isKept(date) && isKept(daysAfter(date, -1));
    const isToday = date === calendar.today;
    const name = day ? told(day, words) : words.say("cell", { day: words.day(date), verdict: words.say("toCome") });
    return h(
      "li",
      { class: "day", "aria-current": isToday && "date" },
      isLinked && h("span", { class: "link", "aria-hidden": "true" }),
      h("span", { class: "muted", "aria-hidden": "true" }, words.weekday(index, "short")),
      h("span", { class: `disc ${classOf(day?.verdict ?? "later", isToday)}`, "aria-hidden": "true" }, pictureOf(day?.verdict ?? "later")),
      heard(name),
    );
  });
};

/** @param {Consistency["categories"]} categories @param {Words} words */
const ticks = (categories, words) =>
  Object.entries(categories).map(([name, isDone]) =>
    h(
      "li",
      { class: isDone ? "tick ticked" : "tick" },
      h("span", { class: `box ${isDone ? "v v-active" : "v"}`, "aria-hidden": "true" }, isDone && pictureOf("active")),
      h("span", null, words.name("category", name)),
      heard(words.say(isDone ? "done" : "open")),
    ),
  );

/** @param {Consistency} consistency @param {Words} words */
const bonus = ({ completedCount, totalCount, bonusActive, bonusMultiplier }, words) => {
  const text = bonusActive ? words.say("bonusOn", { factor: bonusMultiplier }) : words.say("bonusOff", { total: totalCount });
  return h(
    "div",
    { class: bonusActive ? "bonus on" : "bonus" },
    h("p", { class: "count" }, h("span", { "aria-hidden": "true" }, `${words.number(completedCount)}/${words.number(totalCount)}`), heard(words.say("progress", { done: completedCount, total: totalCount }))),
    h("p", { role: "status" }, text),
  );
};

/** @param {Loaded<Week>} state @returns {Node[]} */
export const weekView = (state) => {
  const { words } = state;
  return loadedView(state, words.say("week"), (week) => ({
    asOf: week.calendar.today,
    nodes: [
      h("ol", { class: "week", role: "list" }, days(week, words)),
      h("ul", { class: "ticks", role: "list", "aria-label": words.say("categories") }, ticks(week.consistency.categories, words)),
      bonus(week.consistency, words),
    ],
  }));
};
