// Activities that wait in a row go in one request, and what becomes of each is as if it had gone alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClient, fakeClock, MONDAY, problem, streakAt } from "./parts.js";

const guide = { activityType: "study_guide_completed" };
const cut = () => new TypeError("network cut");
const lost = () => Promise.reject(cut());
const named = (number) => Array.from({ length: number }, (_, index) => `a${index}`);

/** What is kept of these activities by a page that had no network, and is gone; `undo/a` undoes one. */
const keptOf = async (...ids) => {
  const { client, kept } = fakeClient({ fetch: () => new Promise(() => {}) });
  for (const activityId of ids) {
    if (activityId.startsWith("undo/")) await client.queue.add("undoActivity", { activityId: activityId.slice(5) });
    else await client.queue.record({ ...guide, activityId });
  }
  client.close();
  return kept;
};

/** A page that is opened where these wait. */
const waitingFor = async (...ids) => fakeClient({ kept: await keptOf(...ids) });

const done = (events) => events.filter(({ type }) => type === "done");
const keys = (events) => events.map(({ command }) => command.key);

test("twenty that wait are one request, and each is told of as if it had gone alone", async () => {
  const ids = named(20);
  const { client, service, events, clock } = await waitingFor(...ids);
  await clock.advance(0);
  assert.deepEqual(service.sent(), [ids]);
  assert.deepEqual([...service.recorded.keys()], ids);
  assert.deepEqual(await client.queue.waiting(), []);
  assert.deepEqual(keys(done(events)), ids);
  for (const { command, answer, isReplayed } of done(events)) {
    assert.deepEqual([answer.activity.activityId, answer.events, isReplayed], [command.key, [], false]);
    assert.equal(answer.streak.currentStreak, 3);
    assert.equal(answer.streak.streakCreated, command.key === "a0");
  }
  const [{ url, headers, body }] = service.requests;
  assert.ok(url.endsWith("/streak/activities:batch") && body.stop_at_refusal && !headers["Idempotency-Key"]);
});

test("the same words go with one alone and with one of many", async () => {
  const { service, clock } = await waitingFor("a", "b");
  service.next.push(cut());
  await clock.advance(60_000);
  const [{ body: batch }, { body: alone }] = service.requests;
  assert.deepEqual(batch.activities[0], { ...alone, activity_id: "a" });
});

test("any other command goes alone, in its place", async () => {
  const { service, clock } = await waitingFor("a", "b", "undo/a", "c", "undo/b", "undo/c", "d", "e");
  await clock.advance(0);
  assert.deepEqual(service.requests.map(({ method, body }) => (method === "DELETE" ? method : body.activities?.length ?? 1)), [2, "DELETE", 1, "DELETE", "DELETE", 2]);
  assert.deepEqual(service.sent().flat(), ["a", "b", "c", "d", "e"]);
});

test("at most as many go at once as the service takes", async () => {
  const { service, clock } = await waitingFor(...named(501));
  for (let turn = 0; turn < 200; turn++) await clock.advance(0);
  assert.deepEqual(service.sent().map(({ length }) => length), [500, 1]);
});

test("one that is refused for good is handed over, and what stands behind it goes next", async () => {
  const { client, service, events, clock } = await waitingFor("a", "b", "c", "d");
  service.refusals.set("b", [[409, "too_many_activities"]]);
  await clock.advance(0);
  assert.deepEqual(service.sent(), [["a", "b", "c", "d"], ["c", "d"]]);
  assert.deepEqual([...service.recorded.keys()], ["a", "c", "d"]);
  const [{ command, problem: why }] = await client.queue.refused();
  assert.deepEqual([command.key, why.code, why.status, why.idempotencyKey], ["b", "too_many_activities", 409, "b"]);
  assert.deepEqual(events.map(({ type, command: { key } }) => [type, key]), [["done", "a"], ["refused", "b"], ["done", "c"], ["done", "d"]]);
});

test("one that a wrong clock made goes again, corrected, before what stands behind it", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(cut(), cut(), cut());
  await client.queue.record({ ...guide, activityId: "a" });
  clock.set(MONDAY + 3 * 86_400_000);
  await client.queue.record({ ...guide, activityId: "b" });
  clock.set(MONDAY);
  await client.queue.record({ ...guide, activityId: "c" });
  await clock.advance(60_000);
  assert.deepEqual(service.sent().slice(-2), [["b", "c"], ["b", "c"]]);
  assert.deepEqual([...service.recorded.keys()], ["a", "b", "c"]);
  assert.ok(Math.abs(Date.parse(service.recorded.get("b").occurred_at) - MONDAY) < 1_000);
});

test("where the answer to many was lost, one alone finds out whether anything gets through, then all the others follow", async () => {
  for (const first of [lost, cut()]) {
    const { client, service, events, clock } = await waitingFor("a", "b", "c", "d");
    service.next.push(first, cut(), cut());
    await clock.advance(120_000);
    assert.deepEqual(service.sent(), [["a", "b", "c", "d"], ["a"], ["a"], ["a"], ["b", "c"], ["d"]]);
    assert.deepEqual([...service.recorded.keys()], ["a", "b", "c", "d"]);
    assert.deepEqual(done(events).map(({ isReplayed }) => isReplayed), Array(4).fill(first === lost));
    assert.deepEqual(await client.queue.waiting(), []);
  }
});

test("what was recorded while there was no network takes two requests once there is one", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(...Array.from({ length: 1000 }, cut));
  const ids = named(20);
  for (const activityId of ids) {
    await client.queue.record({ ...guide, activityId });
    await clock.advance(600_000);
  }
  service.next.length = service.requests.length = 0;
  await clock.advance(120_000);
  assert.deepEqual(service.sent(), [["a0"], ids.slice(1)]);
});

test("one that comes too soon leaves what stands behind it waiting, for as long as is asked", async () => {
  const { client, service, clock } = await waitingFor("a", "b", "c");
  service.refusals.set("b", [[429, "rate_limited", 30]]);
  await clock.advance(0);
  client.wake();
  await clock.advance(29_900);
  assert.deepEqual(service.sent(), [["a", "b", "c"]]);
  assert.deepEqual([...service.recorded.keys()], ["a"]);
  await clock.advance(4_000);
  assert.deepEqual([...service.recorded.keys()], ["a", "b", "c"]);
  assert.deepEqual(await client.queue.refused(), []);
});

test("one that can't be taken yet waits alone, with what is about it", async () => {
  const { client, service, clock } = await waitingFor("a", "b", "undo/b", "c", "d");
  service.refusals.set("b", [[429, "too_many_zone_changes", 86_400]]);
  await clock.advance(10_000);
  assert.deepEqual(service.sent(), [["a", "b"], ["c", "d"]]);
  assert.deepEqual((await client.queue.waiting()).map(({ operation }) => operation), ["recordActivity", "undoActivity"]);
  await clock.advance(90_000_000);
  assert.deepEqual([...service.recorded.keys()], ["a", "c", "d", "b"]);
  assert.equal(service.requests.at(-1).method, "DELETE");
});

for (const [name, refused] of [
  ["does not know how to end a batch", () => problem(422, "invalid_request")],
  ["has no such route", () => problem(404, "not_found")],
  ["takes less at once", () => problem(413, "content_too_large")],
]) {
  test(`a service that ${name} gets each alone from then on, in order`, async () => {
    const { client, service, events, clock, kept } = await waitingFor("a", "b", "c");
    service.refusals.set("b", [[422, "occurred_too_long_ago"]]);
    service.next.push(refused());
    await clock.advance(0);
    assert.deepEqual(service.sent(), [["a", "b", "c"], ["a"], ["b"], ["c"]]);
    assert.deepEqual(events.map(({ type, command: { key } }) => [type, key]), [["done", "a"], ["refused", "b"], ["done", "c"]]);
    client.close();
    fakeClient({ kept: new Map([...kept, ...(await keptOf("d", "e"))]), service, clock });
    await clock.advance(0);
    assert.deepEqual(service.sent().at(-1), ["d", "e"], "another page asks anew");
  });
}

test("a service as it was before batches ended at a refusal is never sent any out of order", async () => {
  const { service, clock } = await waitingFor("a", "b", "c");
  service.isOld = true;
  service.refusals.set("a", [[422, "occurred_in_the_future"]]);
  await clock.advance(0);
  assert.deepEqual([...service.recorded.keys()], ["a", "b", "c"]);
});

test("one over which the service fails is found, and waits alone", async () => {
  const { client, service, clock } = await waitingFor("a", "b", "ill", "c", "d");
  const { fetch } = service;
  let isIll = true;
  service.fetch = async (url, init) => {
    const answer = await fetch(url, init);
    return isIll && service.sent().at(-1).includes("ill") ? problem(500, "internal_error") : answer;
  };
  await clock.advance(600_000);
  assert.deepEqual((await client.queue.waiting()).map(({ key }) => key), ["ill"]);
  isIll = false;
  await clock.advance(600_000);
  assert.deepEqual(await client.queue.waiting(), []);
  assert.deepEqual(await client.queue.refused(), []);
});

test("an answer that is not about all of these is not taken for theirs", async () => {
  const recorded = (activity_id) => ({ status: 201, replayed: false, activity: { activity_id }, events: [] });
  const refused = (code) => ({ status: 409, problem: { status: 409, code, detail: "No." } });
  const answer = (results, more = { streak: streakAt(MONDAY) }) => new Response(JSON.stringify({ results, ...more }), { status: 200 });
  for (const wrong of [
    answer([]),
    answer([recorded("a")]),
    answer([recorded("b"), recorded("a")]),
    answer([refused("not_tried"), refused("not_tried")]),
    answer([{ status: 409 }, recorded("b")]),
    answer([recorded("a"), recorded("b")], {}),
    new Response("<html>sign in", { status: 200 }),
  ]) {
    const { client, service, events, clock } = await waitingFor("a", "b");
    service.next.push(wrong);
    await clock.advance(0);
    assert.deepEqual([(await client.queue.waiting()).length, events.length], [2, 0]);
    await clock.advance(120_000);
    assert.deepEqual([...service.recorded.keys()], ["a", "b"]);
    assert.deepEqual(await client.queue.refused(), []);
  }
});

test("what is refused again and again is not sent with all that stands behind it each time", async () => {
  const ids = named(64);
  const { client, service, clock } = await waitingFor(...ids);
  for (const id of ids) service.refusals.set(id, [[409, "too_many_activities"]]);
  for (let turn = 0; turn < 30; turn++) await clock.advance(0);
  assert.deepEqual((await client.queue.refused()).map(({ command }) => command.key), ids);
  assert.ok(service.sent().flat().length < 4 * ids.length, `${service.sent().flat().length} sent`);
});

test("a page that dies over the answers leaves the rest of them to the next one", async () => {
  const kept = await keptOf("a", "b", "c", "d");
  let left = 2;
  const storage = {
    get: async (name) => kept.get(name) ?? null,
    set: async (name, text) => void kept.set(name, text),
    delete: (name) => (left-- > 0 ? Promise.resolve(void kept.delete(name)) : new Promise(() => {})),
    names: async (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
  };
  const dying = fakeClient({ storage });
  await dying.clock.advance(0);
  assert.deepEqual(dying.service.sent(), [["a", "b", "c", "d"]]);
  const { service } = dying;
  const clock = fakeClock();
  const next = fakeClient({ kept, service, clock });
  await clock.advance(0);
  assert.deepEqual(service.sent().slice(1), [["c", "d"]]);
  assert.deepEqual(done(next.events).map(({ isReplayed }) => isReplayed), [true, true]);
  assert.deepEqual([...service.recorded.keys()], ["a", "b", "c", "d"]);
});
