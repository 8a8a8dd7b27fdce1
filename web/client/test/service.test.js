// The names of the older service.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createStreakService } from "../src/service.js";
import { fakeClient, problem, settled, streakAt } from "./parts.js";

const serviceOf = (options) => {
  const all = fakeClient(options);
  return { ...all, ...createStreakService(all.client) };
};

const posts = ({ requests }) => requests.filter(({ method }) => method === "POST").length;

test("a streak is told by the older names", async () => {
  const { getUserStreak, clock } = serviceOf();
  const { created_at } = streakAt(clock.now());
  assert.deepEqual(await getUserStreak(), { currentStreak: 3, maxStreak: 3, lastActivityDate: "2026-03-02", createdAt: created_at, updatedAt: created_at });
});

test("to update is to check in, once a day, and says when that created the streak", async () => {
  const { updateUserStreak, service, clock } = serviceOf();
  service.next.push(async (answer) => {
    const { activity } = await answer.json();
    return new Response(JSON.stringify({ activity, streak: { ...streakAt(clock.now()), streak_created: true }, events: [] }), { status: 201 });
  });
  const [first, same] = await Promise.all([updateUserStreak(), updateUserStreak()]);
  assert.deepEqual([first.currentStreak, first.streakCreated, same.streakCreated], [3, true, true]);
  assert.equal((await updateUserStreak()).streakCreated, undefined);
  assert.equal(posts(service), 1);
  await clock.advance(86_400_000);
  await updateUserStreak();
  assert.equal(posts(service), 2);
});

test("without a network it is kept for later, and what is known is told; where nothing is, it throws", async () => {
  const { updateUserStreak, getUserStreak, client, service, clock } = serviceOf();
  await getUserStreak();
  await clock.advance(86_400_000);
  service.next.push(...Array.from({ length: 4 }, () => new TypeError("offline")));
  assert.equal((await updateUserStreak()).currentStreak, 3);
  assert.equal((await client.queue.waiting()).length, 1);
  const other = serviceOf({ fetch: () => Promise.reject(new TypeError("offline")) });
  await assert.rejects(other.getUserStreak(), { code: "network_error" });
});

test("a check-in that is refused is thrown", async () => {
  const { updateUserStreak, service } = serviceOf();
  service.next.push(problem(409, "too_many_activities"));
  await assert.rejects(updateUserStreak(), { code: "too_many_activities" });
});

test("after a reset the day is checked in for once more", async () => {
  const { updateUserStreak, resetUserStreak, service, clock } = serviceOf();
  await updateUserStreak();
  service.next.push(new Response(JSON.stringify({ streak: streakAt(clock.now(), { length: 0, status: "none" }), events: [] })));
  assert.equal((await resetUserStreak()).currentStreak, 0);
  await settled();
  await updateUserStreak();
  assert.equal(posts(service), 3);
});

test("another user than who is signed in can't be asked for", async () => {
  const { getUserStreak, updateUserStreak, resetUserStreak } = serviceOf();
  assert.equal((await getUserStreak("ada")).currentStreak, 3);
  for (const ask of [getUserStreak, updateUserStreak, resetUserStreak]) await assert.rejects(ask("eve"), /another user/);
});
