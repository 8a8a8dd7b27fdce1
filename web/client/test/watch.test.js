// What is shown: at once, at each moment that was foretold, with no network; and never a dead streak as alive.

import assert from "node:assert/strict";
import { test } from "node:test";
import { camel } from "../src/names.js";
import { standingAt } from "../src/standing.js";
import { fakeClient, fakeClock, fakeService, iso, MONDAY, problem, settled, streakAt } from "./parts.js";

const DAY = 86_400_000;
const offline = () => Promise.reject(new TypeError("offline"));

/** A device that saw the streak on Monday, and has no network since. */
const seenOnMonday = async ({ clock = fakeClock(), document } = {}) => {
  const service = fakeService(clock);
  if (document) service.next.push(new Response(JSON.stringify(document)));
  const kept = new Map();
  const { client } = fakeClient({ clock, service, kept });
  client.watchStreak(() => {});
  await settled();
  client.close();
  return kept;
};

const watched = async (options) => {
  const shown = [];
  const all = fakeClient(options);
  const end = all.client.watchStreak((one) => void shown.push(one), options.watch);
  await settled();
  return { ...all, shown, end, lengths: () => shown.map(({ currentStreak }) => currentStreak) };
};

test("at each moment that was foretold the streak is shown as it was foretold, with no network", async () => {
  const kept = await seenOnMonday();
  const clock = fakeClock(MONDAY + 60_000);
  const { shown } = await watched({ clock, kept, fetch: offline });
  assert.deepEqual(shown.map(({ isKnown, status, currentStreak, isLive }) => [isKnown, status, currentStreak, isLive]), [[true, "extended", 3, false]]);
  await clock.advance(Date.parse("2026-03-03T04:00:00Z") - clock.now() - 1);
  assert.equal(shown.length, 1);
  await clock.advance(1);
  assert.deepEqual([shown.at(-1).status, shown.at(-1).today, shown.at(-1).currentStreak], ["pending", "2026-03-03", 3]);
  await clock.advance(DAY - 1);
  assert.equal(shown.at(-1).currentStreak, 3);
  await clock.advance(1);
  assert.deepEqual([shown.at(-1).status, shown.at(-1).currentStreak], ["none", 0]);
});

test("nothing is claimed of a streak that lives beyond what was foretold, and a dead one stays dead", async () => {
  for (const [days, isKnown, length] of [[9, false, null], [2, true, 0]]) {
    const kept = await seenOnMonday({ document: streakAt(MONDAY, { days }) });
    const { shown } = await watched({ clock: fakeClock(MONDAY + 30 * DAY), kept, fetch: offline });
    assert.deepEqual([shown[0].isKnown, shown[0].currentStreak], [isKnown, length]);
  }
});

test("nothing is claimed where nothing is known, until it is", async () => {
  const { client, shown, service, clock } = await watched({ service: undefined });
  assert.deepEqual(shown.map(({ isKnown, currentStreak, isLive }) => [isKnown, currentStreak, isLive]), [[false, null, false], [true, 3, true]]);
  assert.equal(service.requests.length, 1);
  assert.equal((await client.shownStreak()).currentStreak, 3);
  assert.equal(clock.timers(), 2);
});

test("a clock that was set back shows no streak as alive", async () => {
  const kept = await seenOnMonday();
  const clock = fakeClock(MONDAY);
  const first = await watched({ clock, kept, fetch: offline });
  await clock.advance(3 * DAY);
  assert.equal(first.shown.at(-1).currentStreak, 0);
  clock.set(MONDAY + 3_600_000);
  await clock.advance(30_000);
  assert.equal(first.shown.at(-1).isKnown, false);
  first.client.close();
  const later = await watched({ clock: fakeClock(MONDAY + 7_200_000), kept, fetch: offline });
  assert.equal(later.shown[0].isKnown, false, "nor after the app was started again");
  const healed = await watched({ clock: fakeClock(MONDAY + 7_200_000), kept });
  assert.deepEqual([healed.shown.at(-1).isKnown, healed.shown.at(-1).currentStreak], [true, 3], "until the service was heard");
});

test("a device whose clock is wrong from the start is right by the service's", async () => {
  for (const wrong of [-2 * DAY, 2 * DAY]) {
    const clock = fakeClock(MONDAY + wrong);
    const service = fakeService(clock);
    service.ahead = -wrong;
    const { shown } = await watched({ clock, service });
    service.fetch = offline;
    await clock.advance(Date.parse("2026-03-04T04:00:00Z") - MONDAY - 60_000);
    assert.deepEqual(shown.at(-1).currentStreak, 3);
    await clock.advance(60_000);
    assert.equal(shown.at(-1).currentStreak, 0);
  }
});

test("a clock that jumps ahead is put right by the next answer", async () => {
  const clock = fakeClock();
  const { shown, service } = await watched({ clock });
  clock.set(MONDAY + 3 * DAY);
  service.ahead = -3 * DAY;
  await clock.advance(30_000);
  assert.equal(shown.at(-1).currentStreak, 0);
  await clock.advance(60_000);
  assert.equal(shown.at(-1).currentStreak, 3);
  assert.equal(service.requests.at(-1).headers["If-None-Match"], undefined);
});

test("the service is asked once a minute with the tag of what is known, and less often while it does not answer", async () => {
  const clock = fakeClock();
  const { service, shown } = await watched({ clock });
  service.next.push(new Response(null, { status: 304 }));
  await clock.advance(60_000);
  assert.equal(service.requests[1].headers["If-None-Match"], '"1"');
  assert.equal(shown.length, 2, "what is the same is not told again");
  service.next.push(...Array.from({ length: 99 }, () => new TypeError("offline")));
  await clock.advance(3_600_000);
  assert.ok(service.requests.length < 14, `${service.requests.length} requests in an hour`);
  assert.equal(shown.at(-1).isLive, false);
});

test("what is recorded is shown with its answer, and the first answer given again is not", async () => {
  const { client, service, shown, clock } = await watched({ clock: fakeClock() });
  service.next.push(new Response(JSON.stringify({ activity: { activity_id: "a" }, streak: streakAt(clock.now(), { length: 4 }), events: [] }), { status: 201 }));
  await client.queue.record({ activityType: "check_in", activityId: "a" });
  await client.queue.flush();
  await settled();
  assert.equal(shown.at(-1).currentStreak, 4);
  const old = JSON.stringify({ activity: { activity_id: "b" }, streak: streakAt(clock.now(), { length: 99 }), events: [] });
  service.next.push(new Response(old, { status: 201, headers: { "Idempotent-Replayed": "true" } }));
  await client.queue.record({ activityType: "check_in", activityId: "b" });
  await client.queue.flush();
  await settled();
  assert.equal(shown.at(-1).currentStreak, 3, "the service was asked how it is now");
});

test("an answer that a newer one has overtaken changes nothing", async () => {
  const clock = fakeClock();
  const { client, service, shown } = await watched({ clock });
  service.next.push(new Response(JSON.stringify(streakAt(MONDAY, { length: 1, updatedAt: iso(MONDAY - 1) }))));
  await client.getStreak();
  assert.equal(shown.at(-1).currentStreak, 3);
});

test("an answer that came while the device slept is no news", async () => {
  const clock = fakeClock();
  const { client, service, shown } = await watched({ clock });
  service.next.push((answer) => (clock.set(clock.now() + 3 * DAY), answer));
  await client.getStreak();
  clock.advance(0);
  await client.shownStreak().then(({ currentStreak }) => assert.equal(currentStreak, 0));
  assert.equal(shown[1].currentStreak, 3);
});

const listened = (now, more) => {
  const { timeline, timeline_until, ...fields } = streakAt(now, more);
  const at = (text) => ({ toDate: () => new Date(text) });
  return { ...fields, timeline: JSON.stringify(timeline), timeline_until: at(timeline_until), updated_at: at(fields.updated_at), created_at: at(fields.created_at), expires_at: null };
};

test("an app's own listener of the document is heard, and then nobody polls", async () => {
  const clock = fakeClock();
  let next, lost;
  let isEnded = false;
  const listen = (...given) => (([next, lost] = given), () => void (isEnded = true));
  const { shown, service, end } = await watched({ clock, watch: { listen } });
  next(listened(clock.now(), { length: 5 }));
  await settled();
  assert.deepEqual([shown.at(-1).currentStreak, shown.at(-1).isLive], [5, true]);
  await clock.advance(600_000);
  assert.equal(service.requests.length, 1);
  next(listened(MONDAY, { length: 9, updatedAt: iso(MONDAY - DAY) }));
  await settled();
  assert.equal(shown.at(-1).currentStreak, 5, "what its cache knew from before is no news");
  await clock.advance(3 * DAY);
  assert.equal(shown.at(-1).currentStreak, 0, "what was heard foretells, too");
  lost(new Error("denied"));
  await clock.advance(61_000);
  assert.equal(service.requests.length, 3);
  end();
  assert.ok(isEnded);
});

test("a document of an older form, or none, makes the service be asked", async () => {
  let next;
  const { service } = await watched({ clock: fakeClock(), watch: { listen: (one) => ((next = one), () => {}) } });
  for (const fields of [undefined, { current_streak: 3 }]) {
    next(fields);
    await settled();
  }
  assert.equal(service.requests.length, 3);
});

test("a user who was erased is forgotten", async () => {
  const { service, shown, clock, kept } = await watched({ clock: fakeClock() });
  service.next.push(problem(410, "user_erased"));
  await clock.advance(60_000);
  assert.deepEqual([shown.at(-1).isKnown, shown.at(-1).document], [false, null]);
  assert.equal(kept.get("streak"), undefined);
});

test("who ended watching is told nothing, and nobody is asked for them", async () => {
  const clock = fakeClock();
  const { service, shown, end } = await watched({ clock });
  end();
  await clock.advance(5 * DAY);
  assert.deepEqual([service.requests.length, shown.length], [1, 2]);
});

test("a standing is that of the last entry that has begun", () => {
  const document = camel(streakAt(MONDAY));
  for (const [moment, length] of [
    [MONDAY, 3],
    [Date.parse(document.timeline[2].from) - 1, 3],
    [Date.parse(document.timeline[2].from), 0],
    [MONDAY - 299_000, 3],
    [MONDAY - 301_000, undefined],
    [NaN, undefined],
  ]) assert.equal(standingAt(document, moment)?.currentStreak, length);
  assert.equal(standingAt({ ...document, timeline: [] }, MONDAY), null);
});
