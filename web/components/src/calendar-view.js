// What `<streak-calendar>` shows: months by verdict, a day told whole, a legend. Pure: must not know a clock or the DOM.

/** @import { Calendar, CalendarDay } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { classOf, told } from "./day-view.js";
import { daysAfter, monthsAfter, weekdayOf, weeksOf } from "./days.js";
import { loadedView } from "./loading-view.js";
import { h } from "./nodes.js";
import { pictureOf } from "./pictures.js";

const DAYS_MAX = 366;
const MONTH_DAYS_MAX = 31;
const MONTHS_MAX = 12;
/** In the order of the legend. */
export const VERDICTS = ["active", "repaired", "frozen", "rest", "paused", "excused", "amnesty", "travel", "missed", "pending", "none"];

/** How many months an attribute asks for: 1 to 12. @param {string | null} text */
export const monthsOf = (text) => {
  const count = Number(text ?? 1);
  return Number.isInteger(count) && count >= 1 ? Math.min(count, MONTHS_MAX) : 1;
};

/** As many as so many months may have; those before them are not shown. @param {number} months */
export const daysFor = (months) => Math.min(months * MONTH_DAYS_MAX, DAYS_MAX);

/**
 * The day on which the focus is after a key, never outside what is shown; null where the key moves nothing.
 *
 * @param {string} date
 * @param {string} key
 * @param {{ first: string, last: string, isRightToLeft: boolean }} around
 */
export const movedBy = (date, key, { first, last, isRightToLeft }) => {
  const forward = isRightToLeft ? -1 : 1;
  const column = weekdayOf(date);
  /** @type {Record<string, number | undefined>} */
  const counts = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7, Home: -column, End: 6 - column, PageUp: -28, PageDown: 28 };
  const count = counts[key];
  if (count === undefined) return null;
  const moved = daysAfter(date, count);
  return moved < first ? first : moved > last ? last : moved;
};

/** The days that are shown: of that many months, the last of them today's. @param {Calendar} calendar @param {number} months */
export const shownDays = ({ days, today }, months) => {
  const first = monthsAfter(today.slice(0, 7), 1 - months);
  return days.filter(({ date }) => date.slice(0, 7) >= first);
};

/**
 * @typedef {{ choose: (date: string) => void, hover: (date: string | null) => void, press: (event: KeyboardEvent) => void }} Acts
 * @typedef {{ months: number, chosen: string | null, hovered: string | null, acts: Acts }} Chosen
 */

/** @param {CalendarDay | undefined} day @param {{ today: string, chosen: string, words: Words, acts: Acts }} around */
const cell = (day, { today, chosen, words, acts }) => {
  if (!day) return h("td", { role: "gridcell" });
  const { date, verdict } = day;
  return h(
    "td",
    {
      role: "gridcell",
      class: `cell ${classOf(verdict, date === today)}`,
      tabindex: date === chosen ? 0 : -1,
      "aria-label": told(day, words),
      "aria-current": date === today && "date",
      "data-day": date,
      onfocus: () => acts.choose(date),
      onpointerenter: () => acts.hover(date),
      onpointerleave: () => acts.hover(null),
    },
    h("span", { class: "number" }, words.dayOfMonth(date)),
    pictureOf(verdict),
  );
};

/** @param {string} name @param {Map<string, CalendarDay>} days @param {Parameters<typeof cell>[1]} around */
const month = (name, days, around) => {
  const { words, acts } = around;
  const heads = [0, 1, 2, 3, 4, 5, 6].map((index) => h("th", { scope: "col", abbr: words.weekday(index, "long") }, words.weekday(index, "short")));
  return h(
    "table",
    { role: "grid", class: "month", onkeydown: acts.press },
    h("caption", null, words.month(name)),
    h("thead", null, h("tr", { class: "muted" }, heads)),
    h(
      "tbody",
      null,
      weeksOf(name).filter((week) => week.some((date) => days.has(date ?? ""))).map((week) => h("tr", null, week.map((date) => cell(days.get(date ?? ""), around)))),
    ),
  );
};

/** @param {CalendarDay[]} days @param {Words} words */
const legend = (days, words) => {
  const kinds = VERDICTS.filter((verdict) => days.some((day) => day.verdict === verdict));
  const rows = kinds.map((verdict) =>
    h("li", { class: "tick" }, h("span", { class: `box ${classOf(verdict, false)}`, "aria-hidden": "true" }, pictureOf(verdict)), h("span", null, words.name("verdict", verdict))),
  );
  return h("ul", { class: "ticks", role: "list", "aria-label": words.say("legend") }, rows);
};

/** @param {Loaded<Calendar> & Chosen} state @returns {Node[]} */
export const calendarView = (state) => {
  const { words, months, hovered, acts } = state;
  return loadedView(state, words.say("calendar"), (calendar) => {
    const days = shownDays(calendar, months);
    const byDate = new Map(days.map((day) => [day.date, day]));
    const { today } = calendar;
    // A day that has left what is shown can't keep the one place where the tabulator stops.
    const chosen = state.chosen && byDate.has(state.chosen) ? state.chosen : today;
    const detail = byDate.get(hovered ?? chosen);
    const around = { today, chosen, words, acts };
    const names = Array.from({ length: months }, (_, index) => monthsAfter(today.slice(0, 7), index + 1 - months));
    return {
      asOf: today,
      nodes: [
        h("div", { class: "months" }, names.map((name) => month(name, byDate, around))),
        // Who hears the page has heard it with the cell.
        h("p", { class: "detail", "aria-hidden": "true" }, detail ? told(detail, words) : ""),
        legend(days, words),
      ],
    };
  });
};
