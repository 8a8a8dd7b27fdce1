// How one day of a streak is told and drawn. Pure: must not know what is around it.

/** @import { CalendarDay } from "unbroken-client" */
/** @import { Words } from "./words.js" */

/** All of it in words, as a tooltip and a screen reader say it. @param {CalendarDay} day @param {Words} words */
export const told = ({ date, verdict, activityCount, xp, freezeUsed }, words) => {
  const parts = [
    words.say("cell", { day: words.day(date), verdict: words.name("verdict", verdict) }),
    activityCount > 0 && words.say("activities", { count: activityCount }),
    xp > 0 && words.say("xp", { count: xp }),
    freezeUsed && verdict !== "frozen" && words.say("freezeUsed"),
  ];
  return words.list(parts.filter((part) => typeof part === "string"));
};

/** @param {string} verdict @param {boolean} isToday */
export const classOf = (verdict, isToday) => `v v-${verdict}${isToday ? " v-today" : ""}`;
