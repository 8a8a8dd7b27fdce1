// Several activities in one request: each is answered as if it came alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AnyError } from "../src/error.js";
import { createQueue } from "../src/queue.js";
import { memoryStorage } from "../src/storage.js";
import { fakeClock, settled } from "./parts.js";

const guide = { activityType: "study_guide_completed" };
const problem = (code, status, more) => ({ code, status, detail: code, ...more });
const activityOf = (activityId) => ({ activity: { activityId }, streak: {}, events: [] });

/** A queue, and what it asked; `answers` say what is answered to the batch, or what is thrown. */
const queueOf = (...answers) => {
  const asked = [];
  const events = [];
  const clock = fakeClock();
  const request = async (name, input, more) => {
    asked.push(name === "recordActivities" ? input.activities.map(({ activityId }) => activityId) : name);
    const answer = name === "recordActivities" ? answers.shift() : undefined;
    if (answer instanceof Error) throw answer;
    const results = input?.activities?.map(({ activityId }) => answer?.[activityId] ?? { status: 201, replayed: false, ...activityOf(activityId) });
    return { answer: results ? { results, streak: {} } : activityOf(more.idempotencyKey), isReplayed: false, sentAt: clock.now() };
  };
  // Another tab is sending until all are stored.
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  const tabs = { alone: (work) => gate.then(work), tell: () => {}, close: () => {} };
  const queue = createQueue({ request, storage: memoryStorage(), clock, tabs, emit: (event) => void events.push(event), canBatch: true });
  return { queue, asked, clock, open, ended: (type) => events.filter((event) => event.type === type).map(({ command: { key } }) => key) };
};

/** Several that are recorded at once. */
const fill = async ({ queue, clock, open }, ...keys) => {
  await Promise.all(keys.map((activityId) => queue.record({ ...guide, activityId })));
  open();
  await settled();
  await clock.advance(0);
};

test("what waits together is sent together, in order, and never past another command", async () => {
  const all = queueOf(new AnyError(problem("network_error", 0)));
  const { queue, asked, clock } = all;
  await Promise.all(["a", "b", "c"].map((activityId) => queue.record({ ...guide, activityId })));
  await queue.add("undoActivity", { activityId: "b" });
  await queue.record({ ...guide, activityId: "d" });
  all.open();
  await clock.advance(120_000);
  assert.deepEqual(asked, [["a", "b", "c"], ["a", "b", "c"], "undoActivity", "recordActivity"]);
  assert.deepEqual(all.ended("done").filter((key) => key.length === 1), ["a", "b", "c", "d"]);
  assert.deepEqual(await queue.waiting(), []);
});

test("of a batch each is done, refused or sent again by itself", async () => {
  const all = queueOf({
    b: { status: 422, problem: problem("invalid_request", 422) },
    c: { status: 503, problem: problem("contention", 503) },
    d: { status: 201, replayed: true, ...activityOf("d") },
  });
  const { queue, asked, clock } = all;
  await fill(all, "a", "b", "c", "d");
  await clock.advance(120_000);
  assert.deepEqual([all.ended("refused"), all.ended("done").sort()], [["b"], ["a", "c", "d"]]);
  assert.deepEqual((await queue.refused()).map(({ problem: { code } }) => code), ["invalid_request"]);
  assert.ok(asked.some((one) => Array.isArray(one) && one.length > 1));
  assert.deepEqual(await queue.waiting(), []);
});

for (const [code, status] of [["not_found", 404], ["content_too_large", 413], ["invalid_request", 422]]) {
  test(`where a whole batch is refused with ${status} each is sent alone`, async () => {
    const all = queueOf(...Array.from({ length: 9 }, () => new AnyError(problem(code, status))));
    await fill(all, "a", "b", "c");
    await all.clock.advance(1_000);
    assert.deepEqual(all.ended("done"), ["a", "b", "c"]);
    assert.equal(all.asked.filter(Array.isArray).length, 1);
    assert.deepEqual(all.ended("refused"), []);
  });
}

for (const [code, status] of [["network_error", 0], ["rate_limited", 429], ["database_unavailable", 503], ["unauthenticated", 401]]) {
  test(`after ${code} the same batch is sent again, and no sooner than is asked for`, async () => {
    const all = queueOf(new AnyError(problem(code, status, { retryAfterSeconds: status > 401 ? 20 : undefined })));
    await fill(all, "a", "b", "c");
    const batches = () => all.asked.filter((one) => Array.isArray(one) && one.length > 1);
    await all.clock.advance(19_000);
    if (status > 401) assert.equal(batches().length, 1);
    await all.clock.advance(90_000);
    assert.deepEqual(all.ended("done").sort(), ["a", "b", "c"]);
    assert.deepEqual(batches()[0], batches()[1]);
  });
}

test("an answer to another batch is not taken for this one's", async () => {
  const all = queueOf({ a: { status: 201, ...activityOf("x") }, b: {}, c: {} });
  await fill(all, "a", "b", "c");
  await all.clock.advance(120_000);
  assert.deepEqual(all.ended("done").sort(), ["a", "b", "c"]);
});
