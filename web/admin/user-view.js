// One page of a user: how the streak stands and why, what is kept of them, what was done, and what can be. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { ListedActivity, ExplainedDay, Seat } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { actsFor, USER_ACTS } from "./acts.js";
import { conversationsOf, conversationsView } from "./conversations-view.js";
import { accountFacts } from "./find-view.js";
import { actButtons, formView } from "./form-view.js";
import { achievementsView, challengesView } from "./goals-view.js";
import { card, closedView, day, facts, moment, moreOf, partView, plain } from "./part-view.js";
import { ideasOf, ideasView, quotasView, usageOf, usageView } from "./records-view.js";
import { tableView } from "./table-view.js";
import { fieldName, trailView } from "./trail-view.js";

const EXPLAINED_DAYS = 14;
const ACTIVITIES_A_PAGE = 15;
const ENTRIES_A_PAGE = 10;
/** In the order in which a form has them. */
const PROFILE = ["dateOfBirth", "phoneNumber", "streetAddress", "landmark", "city", "state", "postalCode", "country", "formattedAddress"];

/** @param {string} uid @returns {Record<string, Question>} */
export const userQuestions = (uid) => ({
  streak: { name: "getStreakForUser", input: { uid } },
  account: { name: "findUsers", input: { uid } },
  block: { name: "getBlockForUser", input: { uid } },
  why: { name: "explainDaysForUser", input: { uid, days: EXPLAINED_DAYS } },
  policy: { name: "getPolicyForUser", input: { uid } },
  activities: { name: "listActivitiesForUser", input: { uid, pageSize: ACTIVITIES_A_PAGE }, list: "activities" },
  achievements: { name: "getAchievementsForUser", input: { uid } },
  challenges: { name: "listChallengesForUser", input: { uid } },
  seat: { name: "getSeatForUser", input: { uid } },
  quotas: { name: "getQuotasForUser", input: { uid } },
  audit: { name: "listAuditForUser", input: { uid, pageSize: ENTRIES_A_PAGE }, list: "entries" },
});

/** @param {Around} around */
const standing = (around) => {
  const { words } = around;
  return partView(around, "streak", ({ status, currentStreak, longestStreak, freezesAvailable, xpTotal, timeZone, today, expiresAt, updatedAt }) => [
    facts([
      [words.say("admin_status"), words.name("admin_streak", status)],
      [words.say("admin_current"), plain(currentStreak, words)],
      [words.say("admin_longest"), plain(longestStreak, words)],
      [words.say("admin_freezes"), plain(freezesAvailable, words)],
      ["XP", plain(xpTotal, words)],
      [words.say("admin_today"), `${today} (${timeZone})`],
      [words.say("admin_ends"), moment(expiresAt)],
      [words.say("admin_changed"), moment(updatedAt)],
    ]),
  ]);
};

/** @param {Around} around @returns {Node[]} */
const why = (around) =>
  partView(around, "why", ({ days }) => {
    const { words } = around;
    const columns = ["day", "verdict", "because", "streakAfter", "freezes"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: ["streakAfter", "freezes"].includes(name) }));
    const rows = [...days].reverse().map((/** @type {ExplainedDay} */ { date, verdict, because, streakAfter, freezesAfter }) => [day(date), words.name("verdict", verdict), h("span", { lang: "en", dir: "ltr" }, because), String(streakAfter), String(freezesAfter)]);
    return [tableView({ title: words.say("admin_why"), columns, rows, none: words.say("historyNone") })];
  });

/** @param {Around} around @returns {Node[]} */
const ledger = (around) =>
  partView(around, "activities", ({ activities }) => {
    const { words } = around;
    const columns = ["day", "activity", "xp", "counted", "recorded"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: name === "xp" }));
    const rows = activities.map((/** @type {ListedActivity} */ { day: date, activityType, xpAwarded, counted, undone, recordedAt }) => [day(date), words.name("type", activityType), String(xpAwarded), undone ? words.say("admin_undone") : plain(counted, words), moment(recordedAt)]);
    return [tableView({ title: words.say("admin_activities"), columns, rows, none: words.say("historyNone") }), moreOf(around, "activities")];
  });

/** @param {Around} around @returns {Node[]} */
const profile = (around) =>
  partView(around, "profile", (known) => [
    facts(PROFILE.map((name) => [fieldName(name), plain(known[name], around.words)])),
    h("p", { class: "muted" }, known.complete ? around.words.say("admin_complete") : around.words.say("admin_missing", { fields: around.words.list(known.missing.map(fieldName)) })),
  ]);

/** @param {Around} around @returns {Node[]} */
const seat = (around) =>
  partView(around, "seat", (/** @type {Seat} */ { joined, name, group, hidden, week, month, all }) => {
    const { words } = around;
    const reached = (/** @type {{ xp: number, streak: number } | null} */ of) => (of ? `${words.say("xp", { count: of.xp })} · ${words.say("days", { count: of.streak })}` : undefined);
    return [
      joined
        ? facts([
            [words.say("admin_seatName"), plain(name, words)],
            [words.say("admin_seatGroup"), plain(group, words)],
            [words.say("admin_seatWeek"), reached(week)],
            [words.say("admin_seatMonth"), reached(month)],
            [words.say("admin_seatAll"), reached(all)],
          ])
        : h("p", { class: "muted" }, words.say("admin_noSeat")),
      hidden && h("p", { class: "bad" }, words.say("admin_hidden")),
    ];
  });

/** @param {Around} around @returns {Node[]} */
const limits = (around) =>
  partView(around, "policy", ({ number, limits: most }) => [
    h("p", { class: "muted" }, around.words.say("admin_byPolicy", { number })),
    facts(Object.entries(most).map(([name, value]) => [fieldName(name), plain(value, around.words)])),
  ]);

/** @param {Around} around @param {string} uid */
const doing = (around, uid) => {
  const { words, role, part } = around;
  const acts = actsFor(role, { isBlocked: part("block").data?.blocked === true, isHidden: part("seat").data?.hidden === true });
  return [
    ...partView(around, "block", ({ blocked, until }) => [h("p", { class: blocked ? "bad" : "muted" }, !blocked ? words.say("admin_notBlocked") : until ? words.say("admin_blockedUntil", { moment: until }) : words.say("admin_blocked"))]),
    actButtons(around, acts, { uid }),
    ...formView(around, USER_ACTS, uid),
  ];
};

/** @param {Around} around @param {string} uid @returns {Node[]} */
export const userView = (around, uid) => {
  const { words } = around;
  const closed = (/** @type {string} */ name, /** @type {Question} */ question, /** @type {() => Node[]} */ view) => {
    const title = words.say(`admin_${name}`);
    return card(title, closedView(around, name, question, title, view), name !== "profile");
  };
  return [
    h("h1", { tabindex: -1, class: "uid" }, words.say("admin_userOf", { uid })),
    h(
      "div",
      { class: "cards" },
      card(words.say("admin_streak"), [h("streak-badge"), ...standing(around)]),
      card(words.say("admin_act"), doing(around, uid)),
      card(words.say("calendar"), [h("streak-calendar", { months: 2 })], true),
      card(words.say("admin_why"), why(around), true),
      card(words.say("week"), [h("streak-week")]),
      card(words.say("history"), [h("div", { class: "long" }, h("streak-history"))]),
      card(words.say("achievements"), achievementsView(around), true),
      card(words.say("challenges"), challengesView(around, uid), true),
      card(words.say("admin_seat"), seat(around)),
      card(words.say("admin_account"), partView(around, "account", ({ users }) => [users.length ? accountFacts(users[0], words) : h("p", { class: "muted" }, words.say("admin_noAccount"))])),
      closed("profile", { name: "getProfileForUser", input: { uid } }, () => profile(around)),
      card(words.say("admin_limits"), limits(around)),
      card(words.say("admin_quotas"), quotasView(around), true),
      card(words.say("admin_activities"), ledger(around), true),
      closed("usage", usageOf(uid), () => usageView(around)),
      closed("ideas", ideasOf(uid), () => ideasView(around)),
      closed("conversations", conversationsOf(uid), () => conversationsView(around, uid)),
      card(words.say("admin_audit"), trailView(around, "audit"), true),
    ),
  ];
};
