// Every element in its states, in a page without a service: `?theme=dark&dir=rtl&lang=de`. Must not know who looks at it.

import "../src/index.js";
import "../src/goals.js";
import "../src/notices.js";
import "../src/others.js";
import "../src/de.js";
import { daysAfter } from "../src/days.js";
import { consistency, day, pending, unknown } from "../test/parts.js";

const asked = new URLSearchParams(location.search);
const { documentElement } = document;
documentElement.lang = asked.get("lang") ?? "en";
documentElement.dir = asked.get("dir") ?? "ltr";
documentElement.style.colorScheme = asked.get("theme") ?? "light";

const TODAY = "2026-03-05";
const VERDICTS = ["active", "active", "active", "frozen", "active", "rest", "repaired", "active", "missed", "paused", "excused", "amnesty", "travel", "none"];
const UNTIL = "2026-03-06T04:00:00Z";

const shown = (more = {}) => ({ ...pending(), today: TODAY, ...more });
const days = (count) =>
  Array.from({ length: count }, (_, index) => {
    const date = daysAfter(TODAY, index + 1 - count);
    return day(date, date === TODAY ? "pending" : VERDICTS[index % VERDICTS.length], { xp: 25 * (index % 7) });
  });
const event = (type, details, date = TODAY) => ({ eventId: `${type} ${date}`, type, date, occurredAt: `${date}T09:00:00Z`, details });
const answers = {
  getCalendar: ({ days: count }) => ({ today: TODAY, days: days(count) }),
  getConsistency: () => consistency,
  getOffers: () => ({
    offers: [
      { kind: "freeze", day: TODAY, until: new Date(Date.now() + 8e6).toISOString(), needs: 0, currentStreakAfter: 12 },
      { kind: "repair", day: "2026-03-04", until: new Date(Date.now() + 9e7).toISOString(), needs: 2, currentStreakAfter: 13 },
    ],
  }),
  listEvents: () => ({
    events: [event("streak_extended", { length: 12 }), event("freeze_applied", { freezesAvailable: 0 }, "2026-03-04"), event("milestone_reached", { length: 7 }, "2026-02-28")],
    nextPageToken: "more",
  }),
  explainDays: () => ({ today: TODAY, days: [{ date: TODAY, verdict: "pending", because: "still without an activity" }] }),
};

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const insights = (weeks) => ({
  today: TODAY,
  period: { days: weeks * 7, from: daysAfter("2026-03-02", -7 * weeks), until: "2026-03-01" },
  activitiesPerDay: 1.36,
  xpPerDay: 34.2,
  bestWeekday: weeks > 3 ? "tuesday" : null,
  weekdays: WEEKDAYS.map((weekday, index) => ({ weekday, asked: weeks, active: weeks, rate: index === 6 && weeks < 4 ? null : [0.86, 0.97, 0.9, 0.82, 0.71, 0.4, 0.55][index], activities: 9, xp: 90 })),
  heatmap: Array.from({ length: weeks }, (_, week) => ({
    weekStart: daysAfter("2026-03-02", 7 * (week - weeks)),
    activities: WEEKDAYS.map((_, row) => (week === 0 && row < 3 ? null : week > weeks * 0.4 && week < weeks * 0.5 ? 0 : (week * 5 + row * row * 3) % 7 % 5)),
  })),
  longestGap: weeks > 3 ? { days: 23, from: "2025-08-04", until: "2025-08-26" } : null,
  breaks: weeks > 3 ? 4 : 0,
  comebacks: weeks > 3 ? 3 : 0,
  comebackDays: weeks > 3 ? 2 : null,
  keeping: weeks > 3 ? { chance: 0.873, sampleDays: 214, until: "2026-03-08" } : null,
});
answers.getInsights = () => insights(52);

const notice = (kind, title, body, more = {}) => ({ noticeId: `${kind} 1`, kind, title, body, date: TODAY, at: `${TODAY}T18:30:00Z`, isRead: false, ...more });
const told = [
  notice("reminder", "Your 12-day streak is waiting", "One activity keeps it."),
  notice("last_freeze_used", "Your last freeze kept your streak", "You missed a day. Your streak of 12 days goes on.", { date: "2026-03-04" }),
  notice("streak_broken", "Your streak of 41 days has ended", "You can still bring it back to 42 days.", { date: "2026-02-20", isRead: true }),
  notice("milestone", "Milestone reached", "7 days in a row.", { date: "2026-02-14", isRead: true }),
];
answers.listNotices = () => ({ notices: told, unread: 2, nextPageToken: "more" });
answers.readNotices = () => ({ unread: 0 });
const allRead = told.map((one) => ({ ...one, isRead: true }));
const preferences = {
  channels: { reminder: ["push"], freezeUsed: ["inbox"], lastFreezeUsed: ["inbox", "push"], streakBroken: [], streakRestored: [], milestone: ["inbox"], bonusEarned: [], achievementUnlocked: ["inbox"], challengeCompleted: [] },
  quietHours: { from: "22:00", until: "08:00" },
  remindAt: "usual",
  language: "en",
};
const achievement = (name, by, target, progress, more = {}) => ({ achievement: name, by, target, progress, earnedAt: null, offered: true, ...more });
const earned = { earnedAt: "2026-02-14T12:00:00Z" };
answers.getAchievements = () => ({
  achievements: [
    achievement("first_step", "activities", 1, 1, { earnedAt: "2026-01-05T12:00:00Z" }),
    achievement("two_weeks", "streak", 14, 12),
    achievement("thousand_xp", "xp", 1_000, 1_240, earned),
    achievement("a_hundred_days", "active_days", 100, 61),
    achievement("all_round_month", "consistent_weeks", 4, 1),
    achievement("festive", "day_of_year", 1, 0, { days: ["12-24", "12-25", "12-31", "01-01"] }),
    achievement("back_again", "comeback", 1, 0, { daysAway: 14 }),
    achievement("early_bird", "activities", 10, 40, { ...earned, offered: false }),
  ],
});
const challenge = (name, target, progress, more = {}) => ({
  challenge: name,
  from: "2026-03-01",
  until: "2026-03-31",
  categories: [],
  activityTypes: [],
  target,
  reward: { xp: 50, freezes: 0 },
  joined: true,
  progress,
  completed: progress >= target,
  ...more,
});
const challenges = [
  challenge("spring_quizzes", 12, 5, { categories: ["quiz", "evaluation"] }),
  challenge("a_busy_week", 7, 7, { until: "2026-03-08", reward: { xp: 0, freezes: 2 } }),
  challenge("april_guides", 20, 0, { from: "2026-04-01", until: "2026-04-30", activityTypes: ["study_guide_completed"], joined: false }),
];
answers.listChallenges = () => ({ challenges });
answers.joinChallenge = () => ({});
answers.leaveChallenge = () => ({});
const boardRow = (rank, more = {}) => ({ rank, name: ["Mia", "ماريا", "Jonas der Große von und zu Irgendwo", "Zoë", "王芳", "Ben", "Amara", "Noor", "Liv", "Oskar", "Pia", "Tom"][(rank - 1) % 12], score: 900 - 41 * rank, ...more });
const seat = { joined: true, name: "Ada", group: null, hidden: false, week: null, month: null, all: null };
const around = [boardRow(16), boardRow(17), boardRow(18, { name: "Ada", me: true }), boardRow(19), boardRow(20)];
const board = { span: "week", by: "xp", period: "2026-03-02", group: null, final: false, top: Array.from({ length: 24 }, (_, index) => (index === 17 ? around[2] : boardRow(index + 1))), me: { rank: 18, exact: true, score: 162 }, around };
answers.getLeaderboard = ({ span, by }) => ({ ...board, span, by, period: { week: "2026-03-02", month: "2026-03", all: null }[span] });
answers.getSeat = () => seat;
const ahead = { ...board, by: "streak", period: "2026-02-23", final: true, top: [31, 12, 12, 9].map((score, index) => ({ ...boardRow(index + 1, index === 1 ? { name: "Ada", me: true } : {}), rank: [1, 2, 2, 4][index], score })), me: { rank: 2, exact: true, score: 12 } };
const friend = (name, more = {}) => ({ friendId: name, name, ownName: "Ada", keptToday: true, friendStreak: 12, longestFriendStreak: 30, since: "2026-01-20T12:00:00Z", ...more });
const invitation = (code) => ({ code, name: "Ada", createdAt: "2026-03-02T12:00:00Z", expiresAt: "2026-03-09T12:00:00Z" });
answers.listFriends = () => ({ friends: [friend("Ben"), friend("Jonas der Große von und zu Irgendwo", { keptToday: false, friendStreak: 0, longestFriendStreak: 104 })] });
answers.listInvitations = () => ({ invitations: [invitation("7KQM-2XWA-9T4C"), invitation("M0ZB-Q1R8-WWDE")] });
answers.listBlocks = () => ({ blocks: [{ friendId: "eve", name: "Eve", blockedAt: "2026-03-02T12:00:00Z" }] });
const nobody = { listFriends: () => ({ friends: [] }), listInvitations: () => ({ invitations: [] }), listBlocks: () => ({ blocks: [] }) };
answers.getPreferences = () => preferences;
answers.chooseNotices = () => ({});

const clientOf = (first, own = {}) => ({
  watchStreak: (listener) => (listener(first), () => {}),
  ...Object.fromEntries(Object.entries({ ...answers, ...own }).map(([name, answer]) => [name, async (input) => answer(input)])),
});
const refuse = () => {
  throw new Error("offline");
};
const soon = () => {
  const expiresAt = new Date(Date.now() + 3 * 3_600_000).toISOString();
  return shown({ document: { ...pending().document, expiresAt, timeline: [] } });
};
const bonus = { ...consistency, completedCount: 4, bonusActive: true, bonusMultiplier: 1.5, categories: { flashcards: true, quiz: true, evaluation: true, guide: true } };

const STATES = [
  ["streak-badge", "extended", clientOf(shown({ status: "extended" }))],
  ["streak-badge", "protected", clientOf(shown({ status: "protected" }))],
  ["streak-badge", "pending", clientOf(soon())],
  ["streak-badge", "none", clientOf(shown({ status: "none", currentStreak: 0 }))],
  ["streak-badge", "unknown", clientOf(unknown)],
  ["streak-week", "open", clientOf(shown())],
  ["streak-week", "bonus", clientOf(shown(), { getConsistency: () => bonus })],
  ["streak-week", "stale", clientOf(shown({ today: "2026-03-06", until: UNTIL }))],
  ["streak-week", "failed", clientOf(shown(), { getConsistency: refuse })],
  ["streak-calendar", "month", clientOf(shown())],
  ["streak-calendar", "quarter", clientOf(shown()), { months: "3" }],
  ["streak-history", "events", clientOf(shown())],
  ["streak-history", "nothing", clientOf(shown(), { listEvents: () => ({ events: [], nextPageToken: null }) })],
  ["streak-offers", "two", clientOf(shown())],
  ["streak-insights", "year", clientOf(shown())],
  ["streak-insights", "young", clientOf(shown(), { getInsights: () => insights(2) })],
  ["streak-insights", "nothing", clientOf(shown(), { getInsights: () => ({ ...insights(2), period: null }) })],
  ["streak-inbox", "unread", clientOf(shown())],
  ["streak-inbox", "read", clientOf(shown(), { listNotices: () => ({ notices: allRead, unread: 0, nextPageToken: null }) })],
  ["streak-inbox", "nothing", clientOf(shown(), { listNotices: () => ({ notices: [], unread: 0, nextPageToken: null }) })],
  ["streak-inbox", "failed", clientOf(shown(), { listNotices: refuse })],
  ["streak-notice-preferences", "usual", clientOf(shown())],
  ["streak-notice-preferences", "letters", clientOf(shown(), { getPreferences: () => ({ ...preferences, remindAt: "18:30", language: "fr" }) }), { channels: "inbox push email", languages: "en de fr" }],
  ["streak-achievements", "some", clientOf(shown())],
  ["streak-achievements", "none", clientOf(shown(), { getAchievements: () => ({ achievements: [] }) })],
  ["streak-achievements", "failed", clientOf(shown(), { getAchievements: refuse })],
  ["streak-challenges", "three", clientOf(shown())],
  ["streak-challenges", "over", clientOf(shown({ today: "2026-04-05" }))],
  ["streak-challenges", "none", clientOf(shown(), { listChallenges: () => ({ challenges: [] }) })],
  ["streak-challenges", "failed", clientOf(shown(), { listChallenges: refuse })],
  ["streak-leaderboard", "down", clientOf(shown())],
  ["streak-leaderboard", "ahead", clientOf(shown(), { getLeaderboard: () => ahead }), { by: "streak", period: "last" }],
  ["streak-leaderboard", "away", clientOf(shown(), { getLeaderboard: () => ({ ...board, top: [], me: null, around: [] }), getSeat: () => ({ ...seat, joined: false, name: null }) })],
  ["streak-leaderboard", "failed", clientOf(shown(), { getLeaderboard: refuse })],
  ["streak-friends", "two", clientOf(shown())],
  ["streak-friends", "nobody", clientOf(shown(), nobody)],
  ["streak-friends", "failed", clientOf(shown(), { listFriends: refuse })],
  ["streak-offers", "nothing", clientOf(shown(), { getOffers: () => ({ offers: [] }) })],
];

for (const [name, state, client, attributes = {}] of STATES) {
  const element = document.createElement(name);
  element.id = `${name}-${state}`;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.client = client;
  document.querySelector("main").append(element);
}
