// What elements of a page ask their client for, asked for the user that an operator looks at; it gives no command. Must not know what is shown.

/** @import { ClientForUsers } from "../client/src/for-user.js" */
/** @import { Client, Shown, Streak } from "../client/src/index.js" */

const QUESTIONS = /** @type {const} */ ({ getCalendar: "getCalendarForUser", getConsistency: "getConsistencyForUser", listEvents: "listEventsForUser", explainDays: "explainDaysForUser" });

/** As it stands by the answer, which has just been given. @param {Streak} streak @returns {Shown} */
const shownOf = (streak) => {
  const [{ from, ...standing }, next] = streak.timeline;
  return { isKnown: true, ...standing, until: next?.from ?? streak.timelineUntil, isLive: true, document: streak };
};

/** @param {ClientForUsers} client @param {string} uid */
export const createViewed = (client, uid) => {
  /** @type {Set<(shown: Shown) => void>} */
  const listeners = new Set();
  /** @type {Shown | null} */
  let shown = null;
  const questions = Object.entries(QUESTIONS).map(([name, ofUser]) => [name, (/** @type {any} */ input) => client[ofUser]({ ...input, uid })]);
  const watchStreak = (/** @type {(shown: Shown) => void} */ listener) => {
    listeners.add(listener);
    if (shown) listener(shown);
    return () => void listeners.delete(listener);
  };
  return {
    client: /** @type {Client} */ (/** @type {unknown} */ ({ ...Object.fromEntries(questions), watchStreak, now: () => Date.now() })),
    /** @param {Streak} streak */
    tell: (streak) => {
      shown = shownOf(streak);
      for (const listener of [...listeners]) listener(shown);
    },
  };
};
