// Streaks as the client shows them. Must not know what is tested.

import { elementsOf } from "../src/nodes.js";

export const MONDAY = Date.parse("2026-03-02T18:47:00Z");
const ENDS = "2026-03-03T04:00:00.000Z";

/** A streak on Monday evening that still needs an activity until four; `after` is how it goes on without one. */
export const pending = ({ length = 12, after = 0 } = {}) => ({
  isKnown: true,
  isLive: true,
  today: "2026-03-02",
  status: "pending",
  currentStreak: length,
  freezesAvailable: 1,
  until: ENDS,
  document: {
    expiresAt: ENDS,
    timeline: [
      { from: "2026-03-02T18:47:00.000Z", today: "2026-03-02", status: "pending", currentStreak: length, freezesAvailable: 1 },
      { from: ENDS, today: "2026-03-03", status: after ? "pending" : "none", currentStreak: after, freezesAvailable: 0 },
    ],
    timelineUntil: "2026-03-09T04:00:00.000Z",
  },
});

export const unknown = { isKnown: false, isLive: false, today: null, status: null, currentStreak: null, freezesAvailable: null, until: null, document: null };

/** A day of the calendar, with activity where its verdict is `active`. */
export const day = (date, verdict = "active", more = {}) => ({
  date,
  verdict,
  hasActivity: verdict === "active",
  freezeUsed: verdict === "frozen",
  activityCount: verdict === "active" ? 1 : 0,
  xp: verdict === "active" ? 25 : 0,
  categories: [],
  ...more,
});

/** A week in which three of four categories are done. */
export const consistency = {
  weekStart: "2026-03-02",
  weekEnd: "2026-03-08",
  categories: { flashcards: true, quiz: true, evaluation: false, guide: true },
  completedCount: 3,
  totalCount: 4,
  bonusActive: false,
  bonusMultiplier: 1,
};

/** Every element of a tree with that class. */
export const withClass = (nodes, name) => elementsOf(nodes, ({ attributes }) => attributes.class?.split(" ").includes(name));
