// Offers: only what can still be taken, done once for a tap, and under the same key again where its end is not known.

import assert from "node:assert/strict";
import { test } from "node:test";
import { elementsOf, textOf } from "../src/nodes.js";
import { offersView } from "../src/offers-view.js";
import { createTaking, idOf } from "../src/taking.js";
import { wordsFor } from "../src/words.js";
import { MONDAY, withClass } from "./parts.js";

const UNTIL = "2026-03-03T04:00:00Z";
const offer = (kind, more = {}) => ({ kind, day: "2026-03-01", until: UNTIL, needs: 0, currentStreakAfter: 13, ...more });
const idle = { busy: null, outcome: null, why: null, detail: null };
const view = (offers, more = {}) =>
  offersView({ data: { offers }, failed: false, today: "2026-03-02", words: wordsFor("en"), again: () => {}, now: MONDAY, take: () => {}, ...idle, ...more });
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button");

/** A client whose commands end as a test says. */
const fakeClient = (ends) => {
  const calls = [];
  const names = ["planFreeze", "repairStreak", "redoActivity", "endPause"];
  const command = (name) => (input, options) => (calls.push([name, input, options.idempotencyKey]), ends());
  return { calls, ...Object.fromEntries(names.map((name) => [name, command(name)])) };
};
const problem = (code, status) => Object.assign(new Error(code), { code, status, idempotencyKey: "key-1" });

test("an offer says what it is, where it leads to and how long it stands", () => {
  const { nodes } = view([offer("repair")]);
  assert.equal(textOf(withClass(nodes, "offer")), "Repair Sunday, March 1, 2026 Leads to: 13-day streak · 9 hr 13 min left Repair");
});

test("a tap takes that offer", () => {
  const taken = [];
  const offers = [offer("repair"), offer("resume", { pauseId: "p" })];
  const { nodes } = view(offers, { take: (one) => void taken.push(one) });
  buttons(nodes)[1].attributes.onclick();
  assert.deepEqual(taken, [offers[1]]);
});

test("one that needs activities first says how many, and has no button until then", () => {
  const { nodes } = view([offer("repair", { needs: 2 })]);
  assert.match(textOf(nodes[0].children), /First 2 more activities today/);
  assert.deepEqual(buttons(nodes), []);
  assert.equal(buttons(view([offer("repair", { needs: 0 })]).nodes).length, 1);
});

test("what has run out, or is of a kind that is not known, is not shown", () => {
  assert.match(textOf(view([offer("freeze"), offer("teleport")], { now: Date.parse(UNTIL) }).nodes[0].children), /nothing to do/);
  assert.equal(buttons(view([offer("freeze"), offer("teleport"), offer("toString")], { now: Date.parse(UNTIL) - 1 }).nodes).length, 1);
});

test("it is drawn again when the time that is left is another", () => {
  assert.equal(view([offer("freeze")], { now: MONDAY + 10_000 }).next, 50_001);
  assert.equal(view([]).next, null);
});

test("while one is carried out no other tap counts, and the button keeps its place", () => {
  const [button] = buttons(view([offer("freeze")], { busy: idOf(offer("freeze")) }).nodes);
  assert.deepEqual([button.attributes["aria-disabled"], textOf(button)], ["true", "One moment"]);
});

test("each kind is sent as the command that it names", async () => {
  const client = fakeClient(() => Promise.resolve());
  const taking = createTaking(() => {});
  const offers = [offer("freeze"), offer("repair"), offer("redo", { activityId: "a" }), offer("resume", { pauseId: "p" })];
  for (const one of offers) await taking.take(client, one);
  assert.deepEqual(client.calls, [
    ["planFreeze", { date: "2026-03-01" }, undefined],
    ["repairStreak", {}, undefined],
    ["redoActivity", { activityId: "a" }, undefined],
    ["endPause", { pauseId: "p" }, undefined],
  ]);
  assert.deepEqual(taking.state(), { ...idle, outcome: "taken" });
});

test("two taps at once are one", async () => {
  const client = fakeClient(() => Promise.resolve());
  const taking = createTaking(() => {});
  await Promise.all([taking.take(client, offer("freeze")), taking.take(client, offer("freeze"))]);
  assert.equal(client.calls.length, 1);
});

test("what nobody knows the end of is sent again under its key, and what was refused under a new one", async () => {
  for (const [end, outcome, key] of [
    [problem("network_error", 0), "cut", "key-1"],
    [problem("contention", 503), "cut", "key-1"],
    [problem("rate_limited", 429), "cut", "key-1"],
    [problem("nothing_to_protect", 409), "refused", undefined],
  ]) {
    const client = fakeClient(() => Promise.reject(end));
    const taking = createTaking(() => {});
    await taking.take(client, offer("freeze"));
    assert.deepEqual(taking.state(), { ...idle, outcome, why: end.code });
    await taking.take(client, offer("freeze"));
    assert.equal(client.calls[1][2], key, end.code);
  }
});

test("what was on its way for another user says nothing to the next one", async () => {
  const client = fakeClient(() => Promise.reject(problem("network_error", 0)));
  const taking = createTaking(() => {});
  const going = taking.take(client, offer("freeze"));
  taking.forget();
  await going;
  assert.deepEqual(taking.state(), idle);
  await taking.take(client, offer("freeze"));
  assert.equal(client.calls[1][2], undefined);
});
