// Challenges: what each asks for and gives, in which days, and a tap that joins, or leaves once it was asked again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { challengesView } from "../src/challenges-view.js";
import "../src/goals.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { createOnce } from "../src/once.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const MARCH = { from: "2026-03-01", until: "2026-03-31" };
const challenge = (more = {}) => ({
  challenge: "spring",
  ...MARCH,
  categories: [],
  activityTypes: [],
  target: 12,
  reward: { xp: 50, freezes: 0 },
  joined: false,
  progress: 0,
  completed: false,
  ...more,
});
const acts = { join: () => {}, begin: () => {}, leave: () => {}, stay: () => {} };
const idle = { failed: false, again: () => {}, busy: null, outcome: null, why: null, detail: null, asked: null, ...acts };
const view = (challenges, more = {}) => challengesView({ data: { challenges }, today: "2026-03-02", words: wordsFor("en"), ...idle, ...more });
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button");
const labels = (nodes) => buttons(nodes).map(({ attributes }) => attributes["aria-label"]);

test("a challenge says what counts, in which days, how many are left and what it gives", () => {
  const nodes = view([challenge({ categories: ["quiz", "guide"] })]);
  // Between two days stand spaces of a kind of their own.
  assert.equal(textOf(withClass(nodes, "goal")).replaceAll(/\s/g, " "), "Spring 12 activities: Quiz, Study guide March 1 – 31 · 30 days left Reward: 50 XP Join: Spring");
  const free = view([challenge({ activityTypes: ["run_completed"], target: 1, reward: { xp: 0, freezes: 2 } })]);
  assert.match(textOf(withClass(free, "goal")), /1 activity: Run completed .* Reward: 2 freezes/);
});

test("the days are told from today on: before, the last one, after; and where nobody knows the day, they alone", () => {
  const days = (today) => textOf(withClass(view([challenge()], { today }), "goal")).match(/31(.*) Reward/)[1];
  assert.deepEqual(["2026-02-27", "2026-03-31", "2026-04-01", null].map(days), [" · begins in 2 days", " · last day", " · over", ""]);
});

test("what is joined has a bar and can be left, what is done or over can't, and what is over can't be joined", () => {
  const joined = view([challenge({ joined: true, progress: 3 })]);
  assert.deepEqual(labels(joined), ["Leave: Spring"]);
  assert.equal(elementsOf(joined, ({ tag }) => tag === "progress")[0].attributes.value, 3);
  const done = view([challenge({ joined: true, progress: 12, completed: true })]);
  assert.deepEqual(labels(done), []);
  assert.match(textOf(withClass(done, "earned")), /Completed/);
  for (const isJoined of [true, false]) assert.deepEqual(labels(view([challenge({ joined: isJoined })], { today: "2026-04-01" })), []);
});

test("a tap joins; one on leave asks, and where it was is stay, so that a second one changes nothing", () => {
  const said = [];
  const heard = Object.fromEntries(Object.keys(acts).map((name) => [name, (which) => said.push([name, which])]));
  const press = (nodes, index = 0) => buttons(nodes)[index].attributes.onclick();
  press(view([challenge()], heard));
  press(view([challenge({ joined: true })], heard));
  const asking = view([challenge({ joined: true })], { ...heard, asked: "spring" });
  assert.deepEqual(labels(asking), ["Stay: Spring", "Leave: Spring"]);
  assert.match(textOf(withClass(asking, "asks")), /will not count/);
  press(asking);
  press(asking, 1);
  assert.deepEqual(said, [["join", "spring"], ["begin", "spring"], ["stay", undefined], ["leave", "spring"]]);
});

test("while one is joined no other tap counts, and only its button says so", () => {
  const nodes = view([challenge(), challenge({ challenge: "summer" })], { busy: "joinChallenge spring" });
  assert.deepEqual(labels(nodes), ["One moment: Spring", "Join: Summer"]);
  assert.deepEqual(buttons(nodes).map(({ attributes }) => attributes["aria-disabled"]), ["true", "true"]);
});

test("why it was refused is said where it is known", () => {
  const said = (outcome, why = null) => textOf(withClass(view([challenge()], { outcome, why }), "said"));
  assert.match(said("refused", "too_many_challenges"), /as many as one can/);
  assert.match(said("refused", "blocked"), /not possible any more/);
  assert.match(said("cut", "network_error"), /There was no answer/);
  assert.equal(said(null), "");
  assert.equal(textOf(view([])[0].children).trim(), "There are no challenges right now");
});

test("joining whose end nobody knows is sent again under its key, which is no key of leaving", async () => {
  const once = createOnce(() => {});
  const keys = [];
  const cut = (options) => (keys.push(options.idempotencyKey), Promise.reject({ code: "network_error", idempotencyKey: "k" }));
  for (const id of ["joinChallenge a", "joinChallenge a", "leaveChallenge a"]) await once.run(id, cut);
  // What was typed otherwise is another command.
  await once.run("joinChallenge a", cut, "Ada");
  assert.deepEqual(keys, [undefined, "k", undefined, undefined]);
  const errors = [{ field: "name", message: "has a link" }, { field: "name", message: "is long" }];
  await once.run("a", () => Promise.reject({ code: "invalid_request", status: 422, problem: { errors } }));
  assert.deepEqual(once.state(), { busy: null, outcome: "refused", why: "invalid_request", detail: "has a link is long" });
  once.forget();
  assert.deepEqual(once.state(), { busy: null, outcome: null, why: null, detail: null });
});
