// What waits on the device: nothing is lost, nothing is doubled, and nothing blocks the rest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeClient, fakeClock, fakeService, iso, MONDAY, problem, settled, tokenOf } from "./parts.js";

const guide = { activityType: "study_guide_completed" };
const cut = () => new TypeError("network cut");
const keys = (commands) => commands.map(({ key }) => key);

test("an activity is stored with its key, moment and zone before anything is sent", async () => {
  const { client, service, kept } = fakeClient();
  service.next.push(cut());
  const command = await client.queue.record(guide);
  const [stored] = [...kept.values()].map((text) => JSON.parse(text));
  assert.deepEqual(stored, command);
  assert.match(command.key, /^[0-9a-f-]{36}$/);
  const { occurredAt, timeZone } = command.input;
  assert.deepEqual({ occurredAt, timeZone }, { occurredAt: iso(MONDAY), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  assert.deepEqual(service.requests, []);
});

test("what the app says of moment, zone and id is left as it is", async () => {
  const { client } = fakeClient();
  const said = { occurredAt: "2026-03-01T20:00:00Z", timeZone: "Asia/Tokyo" };
  const { key, input } = await client.queue.record({ ...guide, ...said, activityId: "mine" });
  assert.deepEqual({ key, input }, { key: "mine", input: { ...guide, ...said } });
});

test("where the device can't store it the app is told, and nothing is sent", async () => {
  const full = { get: async () => null, names: async () => [], delete: async () => {}, set: () => Promise.reject(new Error("full")) };
  const { client, service } = fakeClient({ storage: full });
  await assert.rejects(client.queue.record(guide), /full/);
  await settled();
  assert.deepEqual(service.requests, []);
});

test("commands are sent in the order in which they were given, also those given at once", async () => {
  const { client, service, events } = fakeClient();
  await Promise.all(["a", "b", "c"].map((activityId) => client.queue.record({ ...guide, activityId })));
  await client.queue.add("undoActivity", { activityId: "b" });
  await client.queue.flush();
  assert.deepEqual(service.sent().flat(), ["a", "b", "c"]);
  assert.equal(service.requests.at(-1).method, "DELETE");
  assert.deepEqual(await client.queue.waiting(), []);
  assert.equal(events.filter(({ type }) => type === "done").length, 4);
});

test("an answer that was lost is asked for again with the same words, and recorded once", async () => {
  const { client, service, clock, events } = fakeClient();
  service.next.push(() => Promise.reject(cut()), cut());
  await client.queue.record(guide);
  await clock.advance(120_000);
  const [first, ...again] = service.requests;
  assert.equal(again.length, 2);
  for (const request of again) assert.deepEqual(request, first);
  assert.equal(service.recorded.size, 1);
  assert.equal(events.find(({ type }) => type === "done").isReplayed, true);
});

for (const [status, code] of [[503, "contention"], [429, "rate_limited"]]) {
  test(`after ${status} nothing is sent before its Retry-After, whatever happens`, async () => {
    const { client, service, clock } = fakeClient();
    service.next.push(problem(status, code, { "Retry-After": "30" }));
    await client.queue.record(guide);
    await clock.advance(0);
    await client.queue.record(guide);
    client.wake();
    await clock.advance(29_900);
    assert.equal(service.requests.filter(({ method }) => method === "POST").length, 1);
    await clock.advance(4_000);
    assert.equal(service.recorded.size, 2);
  });
}

test("while there is no network it is tried less and less often, and at once when there is a reason", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(...Array.from({ length: 50 }, cut));
  await client.queue.record(guide);
  await clock.advance(600_000);
  const tries = service.requests.length;
  assert.ok(tries >= 10 && tries <= 25, `${tries} tries in ten minutes`);
  service.next.length = 0;
  client.wake();
  await settled();
  assert.equal(service.recorded.size, 1);
  await clock.advance(600_000);
  assert.equal(service.requests.length, tries + 1);
});

test("a page that is killed leaves its commands to the next one, whatever the clock shows then", async () => {
  const { client, service, kept } = fakeClient({ fetch: () => new Promise(() => {}) });
  for (const activityId of ["a", "b"]) await client.queue.record({ ...guide, activityId });
  const clock = fakeClock(MONDAY - 365 * 86_400_000);
  const later = fakeClient({ clock, service: fakeService({ now: () => MONDAY }), kept });
  await later.client.queue.record({ ...guide, activityId: "c", occurredAt: iso(MONDAY) });
  await clock.advance(0);
  assert.deepEqual([...later.service.recorded.keys()], ["a", "b", "c"]);
  assert.deepEqual(service.requests, []);
});

test("what is refused for good is handed over with the reason, and the rest goes on", async () => {
  const { client, service, events, clock } = fakeClient();
  service.refusals.set("old", [[422, "occurred_too_long_ago"]]).set("much", [[409, "too_many_activities"]]);
  for (const activityId of ["old", "much", "good"]) await client.queue.record({ ...guide, occurredAt: iso(MONDAY), activityId });
  await clock.advance(0);
  const refused = await client.queue.refused();
  assert.deepEqual(refused.map(({ command, problem: { code } }) => [command.key, code]), [["old", "occurred_too_long_ago"], ["much", "too_many_activities"]]);
  assert.deepEqual(keys(events.filter(({ type }) => type === "refused").map(({ command }) => command)), ["old", "much"]);
  assert.equal(await client.queue.waiting().then(({ length }) => length), 0);
});

test("an id that the network would fold away is refused for good, and nothing waits behind it", async () => {
  const { client, service } = fakeClient();
  await client.queue.add("undoActivity", { activityId: ".." });
  await client.queue.record({ ...guide, activityId: "mine" });
  await settled();
  const refused = await client.queue.refused();
  assert.deepEqual(refused.map(({ command, problem }) => [command.input.activityId, problem.code]), [["..", "invalid_request"]]);
  assert.deepEqual(service.requests.map(({ method }) => method), ["POST"]);
});

test("what was refused is kept until the app has dealt with it: it forgets it, or sends it once more", async () => {
  const { client, service, kept, clock } = fakeClient();
  for (const activityId of ["a", "b"]) service.refusals.set(activityId, [[409, "time_zone_unknown"]]);
  for (const activityId of ["a", "b"]) await client.queue.record({ ...guide, activityId });
  await clock.advance(0);
  const next = fakeClient({ kept, clock, service });
  assert.equal((await next.client.queue.refused()).length, 2);
  await next.client.queue.dismiss("a");
  await next.client.queue.retry("b");
  await clock.advance(0);
  assert.deepEqual([...service.recorded.keys()], ["b"]);
  assert.deepEqual(await next.client.queue.refused(), []);
});

test("what is refused again when it is sent once more is kept again, also by another page", async () => {
  const { client, service, kept, clock } = fakeClient();
  service.next.push(problem(409, "time_zone_unknown"), problem(409, "too_many_activities"));
  await client.queue.record({ ...guide, activityId: "a" });
  await clock.advance(0);
  const next = fakeClient({ kept, clock, service });
  await next.client.queue.retry("a");
  await next.client.queue.retry("never there");
  await clock.advance(0);
  assert.deepEqual((await next.client.queue.refused()).map(({ problem: { code } }) => code), ["too_many_activities"]);
  await next.client.queue.dismiss("a");
  assert.deepEqual(await next.client.queue.refused(), []);
});

test("what the service fails over, or can't take yet, waits alone", async () => {
  for (const [times, answer] of [
    [3, () => problem(500, "internal_error")],
    [1, () => problem(429, "too_many_zone_changes", { "Retry-After": "86400" })],
    [1, () => problem(503, "not_available_yet", { "Retry-After": "300" })],
    [1, () => problem(404, "not_found")],
  ]) {
    const { client, service, clock } = fakeClient();
    service.next.push(...Array.from({ length: times }, answer));
    for (const activityId of ["ill", "good"]) await client.queue.record({ ...guide, activityId });
    await client.queue.add("undoActivity", { activityId: "ill" });
    await clock.advance(10_000);
    assert.deepEqual([...service.recorded.keys()], ["good"]);
    assert.deepEqual((await client.queue.waiting()).map(({ operation }) => operation), ["recordActivity", "undoActivity"], "what is about it waits, too");
    await clock.advance(90_000_000);
    assert.deepEqual([...service.recorded.keys()], ["good", "ill"]);
    assert.deepEqual(await client.queue.waiting(), []);
    assert.deepEqual(await client.queue.refused(), []);
  }
});

test("what a network in between says is no refusal", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(new Response("<html>sign in", { status: 200 }), new Response("no", { status: 403 }), problem(400, "bad_request"), problem(401, "unauthenticated"), problem(401, "unauthenticated"));
  await client.queue.record(guide);
  await clock.advance(300_000);
  assert.equal(service.recorded.size, 1);
  assert.deepEqual(await client.queue.refused(), []);
});

test("an answer about something else is not taken for this one's", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(new Response(JSON.stringify({ activity: { activity_id: "other" }, streak: {}, events: [] }), { status: 201 }));
  await client.queue.record(guide);
  await clock.advance(300_000);
  assert.equal(service.recorded.size, 1);
});

test("the same id twice is one command", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(cut());
  const both = await Promise.all([1, 2].map(() => client.queue.record({ ...guide, activityId: "tap" })));
  await clock.advance(0);
  assert.deepEqual(both[0], both[1]);
  await clock.advance(60_000);
  assert.equal(service.recorded.size, 1);
  assert.deepEqual(await client.queue.refused(), []);
});

test("nothing of one user is sent with the token of another", async () => {
  let token = tokenOf("ada");
  const { client, service, clock } = fakeClient({ userId: "ada", getToken: () => token });
  token = tokenOf("eve");
  await client.queue.record(guide);
  await clock.advance(300_000);
  assert.equal(service.recorded.size, 0);
  token = tokenOf("ada");
  await clock.advance(120_000);
  assert.equal(service.recorded.size, 1);
});

test("made by a clock that ran ahead, an activity is recorded at the moment at which it was made", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(cut());
  service.ahead = -3 * 86_400_000;
  await client.queue.record(guide);
  await clock.advance(3_600_000);
  const [{ occurred_at }] = service.recorded.values();
  const late = Date.parse(occurred_at) - (MONDAY - 3 * 86_400_000);
  assert.ok(Math.abs(late) < 1_000, `${late} ms off`);
});

test("made by a clock that stood weeks behind, too; but for what the app said itself", async () => {
  const { client, service, clock } = fakeClient();
  service.ahead = 30 * 86_400_000;
  await client.queue.record(guide);
  await client.queue.record({ ...guide, occurredAt: iso(MONDAY) });
  await clock.advance(0);
  assert.deepEqual([...service.recorded.values()].map(({ occurred_at }) => occurred_at), [iso(MONDAY + service.ahead)]);
  assert.equal((await client.queue.refused())[0].problem.code, "occurred_too_long_ago");
});

test("of a page that is gone, what lies ahead was made now at the latest, and how old the rest is nobody knows", async () => {
  for (const [ahead, recorded] of [[-86_400_000, [iso(MONDAY - 86_400_000)]], [30 * 86_400_000, []]]) {
    const { client, kept } = fakeClient({ fetch: () => new Promise(() => {}) });
    await client.queue.record(guide);
    const clock = fakeClock();
    const later = fakeClient({ clock, kept });
    later.service.ahead = ahead;
    await clock.advance(0);
    assert.deepEqual([...later.service.recorded.values()].map(({ occurred_at }) => occurred_at), recorded);
    assert.equal((await later.client.queue.refused()).length, 1 - recorded.length);
  }
});

test("a storage that fails for a while loses nothing", async () => {
  const { client, service, clock, kept } = fakeClient({ fetch: () => new Promise(() => {}) });
  await client.queue.record(guide);
  client.close();
  let fails = true;
  const read = (act) => async (...given) => (fails ? Promise.reject(new Error("blocked")) : act(...given));
  const storage = {
    get: read(async (name) => kept.get(name) ?? null),
    set: read(async (name, text) => void kept.set(name, text)),
    delete: read(async (name) => void kept.delete(name)),
    names: read(async (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix))),
  };
  const next = fakeClient({ storage, clock, service });
  await clock.advance(0);
  fails = false;
  next.client.wake();
  await clock.advance(61_000);
  assert.equal(service.recorded.size, 1);
});

test("a client that is closed sends nothing more, and has no timers", async () => {
  const { client, service, clock } = fakeClient();
  service.next.push(cut());
  await client.queue.record(guide);
  await settled();
  client.watchStreak(() => {});
  await settled();
  client.close();
  await clock.advance(600_000);
  assert.equal(service.requests.filter(({ method }) => method === "POST").length, 1);
  assert.equal(clock.timers(), 0);
  assert.equal((await client.queue.waiting()).length, 1);
});
