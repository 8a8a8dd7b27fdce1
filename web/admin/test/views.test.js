// What the screens show of what is known, by role, and that what people wrote is text.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf, textOf } from "../../components/src/nodes.js";
import { ACTS } from "../acts.js";
import { screenOf } from "../screens.js";
import { around, seen } from "./parts.js";

const HOSTILE = '<img src=x onerror="alert(1)">';
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button").map((one) => textOf(one.children));
const view = (route, state) => screenOf({ about: null, ...route }).view(state);
const entry = { seq: 3, action: "grant_freezes", actor: { kind: "support", id: HOSTILE }, status: "success", code: null, at: "2026-03-02T09:00:00Z", details: { count: 2, overCap: true, reason: HOSTILE }, entityType: "ledger_entry", entityId: "x", requestId: "r-1", ipAddress: "10.0.0.1", userAgent: HOSTILE, hash: "ab" };

test("a user's page has a button for what the role may do and for nothing else", () => {
  // What is personal has a button of its own, whoever looks.
  const shown = (role, blocked) => buttons(view({ screen: "user", about: "ada" }, around({ block: { blocked, until: null } }, { role }))).filter((text) => text !== "Show");
  assert.deepEqual(shown("support", true), ["Grant freezes", "Excuse days"]);
  assert.deepEqual(shown("admin", false), ["Grant freezes", "Excuse days", "Restore a day", "Restore a length", "Change XP", "Hide from leaderboards", "Block"]);
  assert.equal(shown("admin", true).at(-1), "Unblock");
  const seat = { joined: true, name: HOSTILE, group: "class-7", hidden: true, week: { label: "2026-03-02", xp: 55, streak: 4 }, month: null, all: { xp: 480, streak: 12 } };
  const nodes = view({ screen: "user", about: "ada" }, around({ seat }));
  assert.ok(buttons(nodes).includes("Show on leaderboards") && !buttons(nodes).includes("Hide from leaderboards"));
  for (const said of [HOSTILE, "class-7", "55 XP · 4 days", "480 XP · 12 days", "Hidden from others."]) assert.ok(seen(nodes).includes(said), said);
});

test("a user's achievements and challenges are told, and an admin joins and leaves what can be, without a reason", () => {
  const challenge = (name, more = {}) => ({ challenge: name, from: "2026-03-01", until: "2026-03-31", categories: ["quiz"], activityTypes: [], target: 12, reward: { xp: 0, freezes: 2 }, joined: false, progress: 0, completed: false, ...more });
  const achievements = [{ achievement: HOSTILE, by: "streak", target: 14, progress: 3, earnedAt: "2026-03-02T09:00:00Z", offered: false }];
  const challenges = [challenge("a"), challenge("b", { joined: true, progress: 4 }), challenge("c", { joined: true, progress: 12, completed: true }), challenge("d", { joined: true, until: "2026-03-01" })];
  const known = { achievements: { achievements }, challenges: { challenges }, streak: { today: "2026-03-02", status: "none", currentStreak: 0 } };
  const shown = (more) => view({ screen: "user", about: "ada" }, around(known, more));
  const text = seen(shown());
  for (const said of [HOSTILE, "A streak of 14 days (offered no more)", "3 of 14", "2026-03-02 09:00 UTC", "12 activities: Quiz", "2 freezes", "4 of 12", "Completed", "Not joined"]) assert.ok(text.includes(said), said);
  const acts = (nodes) => elementsOf(nodes, ({ tag, attributes }) => tag === "button" && / the challenge /.test(attributes["aria-label"])).map(({ attributes }) => attributes["aria-label"]);
  assert.deepEqual(acts(shown()), ["Join the challenge a", "Leave the challenge b"]);
  assert.deepEqual(acts(shown({ role: "support" })), []);
  const open = { act: ACTS.leaveChallenge, about: { uid: "ada", challenge: "b" } };
  const [form] = elementsOf(shown({ wish: { open, isBusy: false, refusal: null, done: null } }), ({ tag }) => tag === "form");
  assert.equal(form.attributes["aria-label"], "Leave the challenge b (ada)");
  assert.deepEqual(elementsOf(form, ({ attributes }) => attributes.name === "reason"), []);
});

test("an entry of a trail says who did what, why, how it ended, and all that was asked, as text", () => {
  const nodes = view({ screen: "user", about: HOSTILE }, around({ audit: { entries: [entry, { ...entry, status: "failed", code: "freezes_full", action: "app.of<b>" }], nextPageToken: null } }));
  const text = seen(nodes);
  for (const said of ["Freezes granted done", `support ${HOSTILE}`, "count 2", "over_cap yes", "Number 3", "refused: freezes_full", `User ${HOSTILE}`]) assert.ok(text.includes(said), said);
  assert.deepEqual(elementsOf(nodes, ({ tag, attributes }) => ["img", "script", "style"].includes(tag) || "innerHTML" in attributes), []);
});

test("a form asks for what the act takes and why, and one that concerns everybody for a yes", () => {
  const opened = (act, about) => view({ screen: "amnesties" }, around({ amnesties: { amnesties: [] } }, { wish: { open: { act, about }, isBusy: false, refusal: null, done: null } }));
  const required = (nodes) => elementsOf(nodes, ({ attributes }) => attributes.required).map(({ attributes }) => attributes.name ?? attributes.type);
  assert.deepEqual(required(opened(ACTS.declare, {})), ["from", "until", "reason", "checkbox"]);
  const busy = { open: { act: ACTS.grant, about: { uid: "a" } }, isBusy: true, refusal: { code: "freezes_full", status: 409, detail: "Full." }, done: null };
  const nodes = view({ screen: "user", about: "a" }, around({}, { wish: busy }));
  assert.deepEqual(required(nodes), ["count", "reason"]);
  assert.match(textOf(elementsOf(nodes, ({ attributes }) => attributes.role === "alert")), /Full\. Send it again with “Also above the cap”/);
  assert.deepEqual(elementsOf(nodes, ({ attributes }) => attributes["aria-disabled"]).map(textOf), ["Sending …"]);
});

test("an amnesty says how far it is judged, and is withdrawn by an admin where it was not yet", () => {
  const one = { id: "1", from: "2026-03-02T09:00:00Z", until: "2026-03-03T09:00:00Z", reason: HOSTILE, by: "admin:olga", declaredAt: "2026-03-02T12:00:00Z", withdrawnAt: null };
  const known = { amnesties: { amnesties: [one, { ...one, id: "2", withdrawnAt: "2026-03-02T10:00:00Z" }] }, "amnesty 1": { ...one, judgedAnew: { state: "running", users: 1200, errors: 0 } } };
  const [admin, support] = ["admin", "support"].map((role) => view({ screen: "amnesties" }, around(known, { role })));
  assert.match(textOf(admin), /under way Users so far 1,200/);
  assert.match(textOf(admin), /2026-03-02 09:00 UTC – 2026-03-02 10:00 UTC/);
  assert.deepEqual(buttons(admin).filter((text) => text === "Withdraw").length, 1);
  assert.deepEqual(buttons(support), ["Look anew"]);
});

test("the last amnesties alone are looked at by themselves", () => {
  const { follow } = screenOf({ screen: "amnesties", about: null }).questions.amnesties;
  const amnesties = Array.from({ length: 9 }, (_, index) => ({ id: String(index + 1) }));
  assert.deepEqual(Object.values(follow({ amnesties })).map(({ input }) => input.amnestyId), ["5", "6", "7", "8", "9"]);
});

test("a policy is compared with the one in force, and only one to come is withdrawn", () => {
  const policy = (number, state, toml) => ({ number, state, toml, effectiveFrom: "2026-04-01", publishedAt: null, withdrawnAt: null, by: "", reason: "" });
  const shown = (state) => view({ screen: "policy", about: "1" }, around({ policy: policy(1, state, "a = 1\nb = 2\n"), inForce: policy(0, "in_force", "a = 1\nb = 1\n") }));
  const lines = elementsOf(shown("to_come"), ({ attributes }) => attributes.class?.startsWith("line")).map((one) => one.children[0]);
  assert.deepEqual(lines, ["  a = 1\n", "- b = 1\n", "+ b = 2\n"]);
  assert.deepEqual([buttons(shown("to_come")), buttons(shown("over"))], [["Withdraw"], []]);
  assert.match(textOf(shown("over")), /streakctl policy try FILE --from DATE/);
});

test("what support is not told of the database is no row, and what nobody knows is a dash", () => {
  const database = { status: "healthy", mode: "emulator", latencyMs: 1.5 };
  const run = { job: "maintenance", runId: "2026-03-02T04:10:00Z", state: "running", status: null, startedAt: null, updatedAt: "2026-03-02T04:11:00Z", usersProcessed: null, freezesApplied: null, streaksBroken: null, errors: null, durationSeconds: null };
  const text = seen(view({ screen: "operations" }, around({ database, runs: { runs: [run] }, backups: { backups: [] } })));
  assert.match(text, /Database healthy \(emulator\) Answered in 1\.5 ms/);
  assert.doesNotMatch(text, /Users Stored|Last backup/);
  assert.match(text, /maintenance 2026-03-02T04:10:00Z running – – – – – 2026-03-02 04:11 UTC/);
});

test("what is found leads to the user's page, and an id with an @ is opened as one where that is said", () => {
  const found = view({ screen: "find" }, around({ found: { users: [{ userId: "a/b", email: HOSTILE }] } }, { isFinding: true }));
  assert.deepEqual(elementsOf(found, ({ tag }) => tag === "a").map(({ attributes }) => attributes.href), ["#/user/a%2Fb"]);
  assert.match(textOf(view({ screen: "find" }, around({ found: { users: [] } }, { isFinding: true }))), /Nobody has that e-mail address/);
});

test("a report is a plot and a table of its columns, its users lead to their pages, and it says what it cost", () => {
  const report = { name: "active-users", from: "2026-02-02", to: "2026-03-01", columns: ["user_id", "actions"], rows: [["a/b", 12], [HOSTILE, 3]], isWhole: false, uncheckedDays: ["2026-03-01"], reads: 1200 };
  const nodes = view({ screen: "report", about: "active-users" }, around({ report }));
  assert.deepEqual(elementsOf(nodes, ({ tag, attributes }) => tag === "a" && attributes.href.includes("user")).map(({ attributes }) => attributes.href), ["#/user/a%2Fb", `#/user/${encodeURIComponent(HOSTILE)}`]);
  assert.equal(elementsOf(nodes, ({ tag }) => tag === "rect").length, 2);
  assert.match(seen(nodes), /It cost 1,200 reads of the database\. There is more than it reads at most\. Still to be checked by the nightly count: 2026-03-01\./);
  const form = elementsOf(nodes, ({ tag }) => tag === "input").map(({ attributes }) => [attributes.name, attributes.value]);
  assert.deepEqual(form, [["from", "2026-02-02"], ["to", "2026-03-01"]]);
});

test("a report as of now has no days to choose, and one that there is none of is asked for nothing", () => {
  const report = { name: "blocked-users", from: "2026-03-01", to: "2026-03-01", columns: ["user_id", "until"], rows: [["ada", null], ["ben", "2099-01-01T00:00:00Z"], ["chen", "2099-01-01Too long"]], isWhole: true, uncheckedDays: [], reads: 2 };
  const nodes = view({ screen: "report", about: "blocked-users" }, around({ report }, { span: { from: "2026-02-02", to: "2026-03-01" } }));
  assert.deepEqual(elementsOf(nodes, ({ tag }) => ["input", "figure"].includes(tag)), []);
  assert.match(seen(nodes), /ada – ben 2099-01-01 00:00 UTC chen 2099-01-01Too long/);
  const asked = (about, span) => screenOf({ screen: "report", about }, span).questions;
  const span = { from: "2026-02-02", to: "2026-03-01" };
  assert.deepEqual([asked("survival", span).report.input, asked("survival", null).report.input, asked("blocked-users", span).report.input], [{ name: "survival", ...span }, { name: "survival" }, { name: "blocked-users" }]);
  assert.deepEqual(asked("constructor", span), {});
  assert.match(seen(view({ screen: "report", about: "x" }, around())), /There is no such report/);
});

test("what was said is shown when somebody opens a conversation, as text, and asked for no sooner", () => {
  const conversation = { sessionId: "s/1", messages: 3, startedAt: "2026-03-02T09:00:00Z", lastAt: "2026-03-02T09:05:00Z" };
  const known = { conversations: { conversations: [conversation], nextPageToken: null } };
  const closed = around(known);
  const nodes = view({ screen: "user", about: "ada" }, closed);
  assert.match(seen(nodes), /s\/1 3 messages · 2026-03-02 09:05 UTC Read/);
  elementsOf(nodes, ({ attributes }) => attributes["aria-label"] === "Read the conversation s/1")[0].attributes.onclick();
  assert.deepEqual(closed.done, [["ask", "messages s/1", { name: "listMessagesForUser", input: { uid: "ada", sessionId: "s/1", pageSize: 20 }, list: "messages" }]]);
  const messages = [{ seq: 3, role: "user", content: HOSTILE, at: "2026-03-02T09:05:00Z", intent: "help" }];
  const opened = view({ screen: "user", about: "ada" }, around({ ...known, "messages s/1": { messages, nextPageToken: "t" } }));
  assert.ok(seen(opened).includes(`3 · user · 2026-03-02 09:05 UTC · help ${HOSTILE}`));
  assert.ok(buttons(opened).includes("Show more"));
});

test("a quota that is used up says so, and what has no end is a number alone", () => {
  const quota = { kind: "message", day: "2026-03-02", endsAt: "2026-03-03T04:00:00Z", count: 1000, countMax: 1000, bytes: 34, bytesMax: 2_000_000 };
  const quotas = { quotas: [quota, { ...quota, kind: "sketch", count: 7, countMax: null, bytes: 0, bytesMax: null }], ideas: { count: 50, countMax: 50 } };
  const nodes = view({ screen: "user", about: "ada" }, around({ quotas }));
  const text = seen(nodes);
  assert.ok(text.includes("messages 1,000 of 1,000 used up 34 of 2,000,000 2026-03-03 04:00 UTC Sketch 7 0 2026-03-03 04:00 UTC"), text);
  assert.ok(text.includes("Ideas kept: 50 of 50 used up"));
  assert.equal(elementsOf(nodes, ({ attributes }) => attributes.class === "bad").length, 2);
});

test("ideas are shown as text with what the user thinks of them, and with all that was said of them in their details", () => {
  const idea = { ideaId: "i-1", title: HOSTILE, description: HOSTILE, category: "game", techStack: ["a", "b"], features: null, complexity: "beginner", at: "2026-03-02T09:00:00Z", updatedAt: "2026-03-02T10:00:00Z", selected: true, rating: "liked", refinementCount: 2 };
  const plainOne = { ...idea, title: "plain", selected: null, rating: null, refinementCount: 0 };
  const nodes = view({ screen: "user", about: "ada" }, around({ ideas: { ideas: [idea, plainOne], nextPageToken: "t" } }));
  const text = seen(nodes);
  assert.ok(text.includes(`${HOSTILE} 2026-03-02 09:00 UTC · game · selected · liked · refined 2 times Details Id i-1 Description ${HOSTILE} Tech stack a, b Complexity beginner Updated at 2026-03-02 10:00 UTC`), text);
  assert.ok(text.includes("plain 2026-03-02 09:00 UTC · game Details"));
  assert.ok(buttons(nodes).includes("Show more"));
  assert.deepEqual(elementsOf(nodes, ({ tag }) => tag === "img"), []);
});

test("what was done with features at once is a row for each feature", () => {
  const event = (feature, durationSeconds) => ({ feature, durationSeconds, metadata: null });
  const usage = [{ at: "2026-03-02T09:00:00Z", events: [event("chat", 1.5), event("ideas", null), event("chat", 2), event("chat", null)] }];
  const nodes = view({ screen: "user", about: "ada" }, around({ usage: { usage, nextPageToken: null } }));
  assert.ok(seen(nodes).includes("2026-03-02 09:00 UTC chat 3 3.5 2026-03-02 09:00 UTC ideas 1 –"));
});

test("a report is had as a file for the days that are shown, once at a time, and what refuses it is said there", () => {
  const report = { name: "freezes", from: "2026-02-02", to: "2026-03-01", columns: ["date"], rows: [], isWhole: true, uncheckedDays: [], reads: 2 };
  const clicked = (name, file) => {
    const state = around({ report: { ...report, name } });
    const part = (one) => (one === "file" ? { data: null, problem: null, isAsking: false, ...file } : state.part(one));
    const nodes = view({ screen: "report", about: name }, { ...state, part });
    elementsOf(nodes, ({ tag, attributes }) => tag === "button" && attributes.type === "button")[0].attributes.onclick();
    return { done: state.done, text: seen(nodes) };
  };
  assert.deepEqual(clicked("freezes", {}).done, [["download", { name: "freezes", from: "2026-02-02", to: "2026-03-01" }]]);
  assert.deepEqual(clicked("blocked-users", {}).done, [["download", { name: "blocked-users" }]]);
  assert.deepEqual(clicked("freezes", { isAsking: true }).done, []);
  assert.match(clicked("freezes", { problem: { code: "unknown_parameter", status: 422, detail: "No." } }).text, /Download as CSV No\./);
});

test("what is personal is asked for by a button that says what it shows, and by nothing else", () => {
  const { questions } = screenOf({ screen: "user", about: "ada" });
  const closed = around();
  const nodes = view({ screen: "user", about: "ada" }, closed);
  for (const { attributes } of elementsOf(nodes, ({ attributes }) => attributes["aria-label"]?.startsWith("Show: "))) attributes.onclick();
  assert.deepEqual(closed.done.map(([, name, question]) => [name, question.name]), [
    ["profile", "getProfileForUser"],
    ["usage", "listUsageForUser"],
    ["ideas", "listIdeasForUser"],
    ["conversations", "listConversationsForUser"],
  ]);
  for (const [, name] of closed.done) assert.equal(questions[name], undefined);
});
