// The client under the names of an older streak service, so that such an app changes one import. Must not know HTTP.

/** @import { Client, QueueEvent, Shown, Streak } from "./index.d.ts" */
/** @import { StreakData } from "./service.d.ts" */
import { AnyError, isUnbrokenError } from "./error.js";

/** @param {import("./index.d.ts").StreakDocument} streak @returns {StreakData} */
const dataOf = ({ currentStreak, longestStreak, lastActiveDate, createdAt, updatedAt }) => ({
  currentStreak,
  maxStreak: longestStreak,
  lastActivityDate: lastActiveDate,
  createdAt,
  updatedAt,
});

/** @type {typeof import("./service.d.ts").createStreakService} */
export const createStreakService = (client) => {
  /** @type {Promise<boolean> | undefined} */
  let checkingIn;

  /** @param {Streak} streak @param {string} [userId] */
  const own = (streak, userId) => {
    if (userId && streak.userId !== userId) throw new Error("The streak of another user can't be asked for.");
    return streak;
  };

  /** @param {string} [userId] */
  const getUserStreak = async (userId) => {
    try {
      return dataOf(own(await client.getStreak(), userId));
    } catch (error) {
      const shown = isUnbrokenError(error) ? await client.shownStreak() : null;
      if (!shown?.isKnown || !shown.document) throw error;
      return { ...dataOf(shown.document), currentStreak: shown.currentStreak };
    }
  };

  /** Checks in; whether that created the streak. */
  const checkIn = async () => {
    /** @type {QueueEvent[]} */
    const events = [];
    const end = client.queue.subscribe((event) => void events.push(event));
    try {
      const { key } = await client.queue.record({ activityType: "check_in" });
      await client.queue.flush();
      const ended = events.find((event) => event.type !== "stored" && event.command.key === key);
      if (ended?.type === "refused") throw new AnyError(ended.problem);
      return ended?.type === "done" && ended.answer.streak.streakCreated;
    } finally {
      end();
    }
  };

  /** @param {string} [userId] */
  const updateUserStreak = async (userId) => {
    // Twice at once, as pages do that are drawn twice, is once.
    checkingIn ??= client
      .shownStreak()
      .then(({ status }) => status !== "extended" && checkIn())
      .finally(() => (checkingIn = undefined));
    const isCreated = await checkingIn;
    return { ...(await getUserStreak(userId)), ...(isCreated && { streakCreated: true }) };
  };

  /** @param {string} [userId] */
  const resetUserStreak = async (userId) => {
    if (userId) own(await client.getStreak(), userId);
    return dataOf((await client.resetStreak()).streak);
  };

  return { getUserStreak, updateUserStreak, resetUserStreak };
};
