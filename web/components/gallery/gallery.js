// Every element in its states, in a page without a service: `?theme=dark&dir=rtl&lang=de`. Must not know who looks at it.

import "../src/index.js";
import "../src/notices.js";
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
  channels: { reminder: ["push"], freezeUsed: ["inbox"], lastFreezeUsed: ["inbox", "push"], streakBroken: [], streakRestored: [], milestone: ["inbox"], bonusEarned: [] },
  quietHours: { from: "22:00", until: "08:00" },
  remindAt: "usual",
  language: "en",
};
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
  ["streak-offers", "nothing", clientOf(shown(), { getOffers: () => ({ offers: [] }) })],
];

for (const [name, state, client, attributes = {}] of STATES) {
  const element = document.createElement(name);
  element.id = `${name}-${state}`;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  element.client = client;
  document.querySelector("main").append(element);
}
