// How a streak stands at a moment, by a document that was known before. Pure: must not know where it came from.

/** @import { Standing, StreakDocument } from "./index.d.ts" */

/** A clock that is so far behind what is certain has been set back. */
export const BEHIND_MS_MAX = 300_000;

/**
 * What the last entry says that begins no later than the moment; null where nobody can know.
 *
 * @param {StreakDocument} document
 * @param {number} moment in milliseconds, as the service's clock shows it
 * @returns {Standing | null}
 */
export const standingAt = (document, moment) => {
  const { timeline } = document;
  const ends = Date.parse(document.timelineUntil);
  const froms = timeline.map((one) => Date.parse(one.from));
  // Before the first entry the clock is wrong. A little of that is no more than two clocks.
  if (!timeline.length || !(moment >= froms[0] - BEHIND_MS_MAX)) return null;
  const index = Math.max(0, froms.filter((from) => from <= moment).length - 1);
  const { today, status, currentStreak, freezesAvailable } = timeline[index];
  const next = index + 1 < froms.length ? froms[index + 1] : ends;
  // Beyond its end a streak that lives may have died. One that is dead needs a command to live.
  if (!(moment < ends)) return currentStreak ? null : { today: null, status: "none", currentStreak: 0, freezesAvailable, until: null };
  return { today, status, currentStreak, freezesAvailable, until: new Date(next).toISOString() };
};

/**
 * The document as the app's own listener gets it, `streaks/{uid}`; null for one without a timeline.
 *
 * @param {any} fields
 * @returns {StreakDocument | null}
 */
export const listenedDocument = (fields) => {
  if (typeof fields?.timeline !== "string") return null;
  const instant = (/** @type {any} */ value) => value && new Date(value.toDate?.() ?? value).toISOString();
  return {
    currentStreak: fields.current_streak,
    longestStreak: fields.longest_streak,
    freezesAvailable: fields.freezes_available,
    xpTotal: fields.xp_total,
    lastActiveDate: fields.last_active_date ?? null,
    timeZone: fields.time_zone,
    bonusActive: fields.bonus_active,
    expiresAt: instant(fields.expires_at) ?? null,
    timeline: JSON.parse(fields.timeline).map((/** @type {any} */ one) => ({
      from: one.from,
      today: one.today,
      status: one.status,
      currentStreak: one.current_streak,
      freezesAvailable: one.freezes_available,
    })),
    timelineUntil: instant(fields.timeline_until),
    createdAt: instant(fields.created_at) ?? null,
    updatedAt: instant(fields.updated_at) ?? null,
  };
};
