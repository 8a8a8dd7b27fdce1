// The leaderboard: who leads, where the user stands and who is around, and taking part under a name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { leaderboardView } from "../src/leaderboard-view.js";
import { elementsOf, textOf } from "../src/nodes.js";
import "../src/others.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const HOSTILE = '<img src=x onerror="alert(1)">';
const row = (rank, more = {}) => ({ rank, name: `User ${rank}`, score: 1_000 - rank, ...more });
const rows = (count, own = 0) => Array.from({ length: count }, (_, index) => row(index + 1, index + 1 === own ? { me: true } : {}));
const board = (top, more = {}) => ({ span: "week", by: "xp", period: "2026-03-02", group: null, final: false, top, me: null, around: [], ...more });
const away = { joined: false, name: null, group: null, hidden: false, week: null, month: null, all: null };
const seated = { ...away, joined: true, name: "Ada" };
const acts = ["choose", "whole", "join", "move", "rename", "begin", "leave", "stay"];
const idle = { failed: false, today: null, again: () => {}, busy: null, outcome: null, why: null, detail: null };
const still = { span: "week", period: "current", by: "xp", isWhole: false, asked: false, isRenaming: false, ...Object.fromEntries(acts.map((name) => [name, () => {}])) };
const view = (top, { seat = away, of = {}, ...more } = {}) => leaderboardView({ data: { board: board(top, of), seat }, words: wordsFor("en"), ...idle, ...still, ...more });
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button").map((one) => textOf(one.children));
const tables = (nodes) => elementsOf(nodes, ({ tag }) => tag === "table");
const ranks = (table) => withClass(table, "rank").slice(1).map(textOf);

test("rows are told with rank, name as text and score, and the user's own is marked", () => {
  const nodes = view([row(1, { name: HOSTILE }), row(2, { me: true }), row(2)], { seat: seated, of: { me: { rank: 2, score: 998, exact: true } } });
  const [table] = tables(nodes);
  assert.deepEqual(elementsOf(table, ({ tag }) => tag === "tr").slice(1).map(textOf), [`1 ${HOSTILE} 999 XP`, "2 User 2  (you) 998 XP", "2 User 2 998 XP"]);
  assert.equal(withClass(nodes, "me")[0].attributes["aria-current"], "true");
  assert.match(textOf(withClass(nodes, "own")), /You are number 2/);
  assert.equal(tables(nodes).length, 1);
});

test("ten lead before somebody wants to see all, and who is further down sees those around", () => {
  const around = [row(41), row(42, { me: true }), row(43)];
  const of = { me: { rank: 42, score: 1, exact: true }, around };
  const few = view(rows(60, 42), { seat: seated, of });
  assert.deepEqual(tables(few).map((table) => ranks(table).length), [10, 3]);
  assert.ok(buttons(few).includes("Show all 60"));
  const all = view(rows(60, 42), { seat: seated, of, isWhole: true });
  assert.deepEqual(tables(all).map((table) => ranks(table).length), [60]);
  const far = view(rows(5), { seat: seated, of: { me: { rank: 1_001, score: 1, exact: false }, around } });
  assert.match(textOf(withClass(far, "own")), /behind 1,000 others or more/);
});

test("which days it is of is told, and whether that is final", () => {
  const label = (of) => textOf(withClass(view([], { of }), "label"));
  assert.equal(label({}), "Week of Monday, March 2, 2026");
  assert.equal(label({ span: "month", period: "2026-03", final: true }), "March 2026 · final");
  assert.equal(label({ span: "all", period: null }), "All days");
  assert.match(textOf(view([])[1].children), /Nobody is on it yet/);
});

test("who takes no part is asked for a name and told who sees what, and who does can change it or leave once asked twice", () => {
  const out = view([]);
  const [field] = elementsOf(out, ({ tag }) => tag === "input");
  assert.deepEqual([field.attributes.name, field.attributes.required, field.attributes.maxlength, field.attributes.value], ["name", true, 32, ""]);
  assert.ok(buttons(out).includes("Take part"));
  assert.deepEqual(buttons(view([], { seat: seated })).slice(-2), ["Take part no more", "Change the name"]);
  assert.deepEqual(buttons(view([], { seat: seated, asked: true })).slice(-2), ["Cancel", "Take part no more"]);
  const renaming = view([], { seat: seated, isRenaming: true });
  assert.equal(elementsOf(renaming, ({ tag }) => tag === "input")[0].attributes.value, "Ada");
  assert.deepEqual(buttons(renaming).slice(-2), ["Change the name", "Cancel"]);
  const hidden = view([], { seat: { ...seated, hidden: true } });
  assert.match(textOf(hidden[1].children), /hidden from others/);
  // Of whoever is hidden no activity changes that they are not on it.
  assert.equal(withClass(hidden, "own").length, 0);
  assert.match(textOf(withClass(view([], { seat: seated }), "own")), /with your next activity/);
});

test("who takes part in another group may come over", () => {
  const elsewhere = view([], { seat: { ...seated, group: "mine" }, of: { group: "others" } });
  // No activity changes that they are not on it.
  assert.equal(withClass(elsewhere, "own").length, 0);
  assert.deepEqual(buttons(elsewhere).slice(-3), ["Take part in this group", "Take part no more", "Change the name"]);
  const here = view([], { seat: { ...seated, group: "others" }, of: { group: "others" } });
  assert.ok(!buttons(here).includes("Take part in this group"));
  // Everybody's board is of all groups.
  assert.ok(!buttons(view([], { seat: { ...seated, group: "mine" } })).includes("Take part in this group"));
});

test("a name that can't be one is refused with what is wrong, in the service's words", () => {
  const nodes = view([], { outcome: "refused", why: "name_not_allowed", detail: "no address" });
  assert.match(textOf(withClass(nodes, "said")), /This name can't be used\.\s+no address/);
});

test("another span, the last period and what users are ordered by are chosen by a tap", () => {
  const said = [];
  const tapsOf = (more) => elementsOf(view([], { choose: (what) => said.push(what), ...more }), ({ attributes }) => "aria-pressed" in attributes);
  const taps = tapsOf({});
  assert.deepEqual(taps.map((one) => textOf(one.children)), ["Week", "Month", "All days", "This week", "Last week", "XP", "Streak"]);
  assert.deepEqual(taps.map(({ attributes }) => attributes["aria-pressed"]), ["true", "false", "false", "true", "false", "true", "false"]);
  for (const number of [2, 4, 6]) taps[number].attributes.onclick();
  assert.deepEqual(said, [{ span: "all" }, { period: "last" }, { by: "streak" }]);
  assert.deepEqual(tapsOf({ span: "month", period: "last" }).map((one) => textOf(one.children)).slice(3, 5), ["This month", "Last month"]);
  // All days have no last ones.
  assert.deepEqual(tapsOf({ span: "all" }).map((one) => textOf(one.children)), ["Week", "Month", "All days", "XP", "Streak"]);
});

test("of a period that is over nobody is told to come on it", () => {
  const told = (more) => withClass(view([], { seat: seated, ...more }), "own").map(textOf);
  assert.equal(told({}).length, 1);
  assert.deepEqual(told({ period: "last" }), []);
  assert.equal(told({ span: "all", period: "last" }).length, 1);
});

test("while another board is asked for, the one of before is told by what it is of", () => {
  const [table] = tables(view([row(1)], { by: "streak" }));
  assert.match(textOf(table), /XP/);
  assert.match(textOf(tables(view([row(1)], { of: { by: "streak" } }))[0]), /999 days/);
});
