// One request: what is sent, and what is made of the answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnbrokenError } from "../src/index.js";
import { createClientForUsers } from "../src/for-user.js";
import { uuid } from "../src/request.js";
import { fakeClient, problem, tokenOf } from "./parts.js";

const quiz = { activityType: "quiz_completed", metadata: { difficulty: "hard", score: 80 } };
const thrown = (promise) => promise.then(() => assert.fail("it was answered"), (error) => error);

test("a command is sent with the contract's names, a token and a key of its own", async () => {
  const { client, service } = fakeClient();
  const answer = await client.recordActivity({ ...quiz, timeZone: "Asia/Tokyo" });
  const [{ url, method, headers, body }] = service.requests;
  assert.equal(`${method} ${url}`, "POST https://example.com/api/streak/activities");
  assert.deepEqual(body, { activity_type: "quiz_completed", metadata: { difficulty: "hard", score: 80 }, time_zone: "Asia/Tokyo" });
  assert.equal(headers.Authorization, "Bearer token");
  assert.match(headers["Idempotency-Key"], /^[0-9a-f-]{36}$/);
  assert.equal(answer.streak.currentStreak, 3);
  assert.equal(answer.activity.activityId, headers["Idempotency-Key"]);
});

test("an activity's own id is its key", async () => {
  const { client, service } = fakeClient();
  await client.recordActivity({ ...quiz, activityId: "quiz-1" });
  assert.equal(service.requests[0].headers["Idempotency-Key"], "quiz-1");
  assert.equal(service.requests[0].body.activity_id, "quiz-1");
});

test("what stands in a path is encoded and not sent twice, and a question has a query and no key", async () => {
  const { client, service } = fakeClient();
  await client.undoActivity({ activityId: "a:b" });
  await client.listActivities({ pageSize: 5, pageToken: "x y" });
  const [undo, list] = service.requests;
  assert.equal(`${undo.method} ${undo.url}`, "DELETE https://example.com/api/streak/activities/a%3Ab");
  assert.equal(undo.body, undefined);
  assert.equal(list.url, "https://example.com/api/streak/activities?page_size=5&page_token=x%20y");
  assert.equal(list.headers["Idempotency-Key"], undefined);
});

test("a change of settings may name the settings that it is made of, and any other call names none", async () => {
  const { client, service } = fakeClient();
  const { etag } = await client.request("getSettings");
  await client.changeSettings({ autoFreeze: false }, { ifMatch: etag });
  await client.changeSettings({ autoFreeze: true });
  assert.deepEqual(service.requests.map((one) => one.headers["If-Match"]), [undefined, '"1"', undefined]);
});

test("a command that has no key is sent without one, and an export or a table is a text", async () => {
  const { client, service } = fakeClient();
  await client.eraseStreak();
  assert.equal(service.requests[0].headers["Idempotency-Key"], undefined);
  service.next.push(new Response('{"lines": 1}\n', { headers: { "Content-Type": "application/x-ndjson" } }));
  assert.equal(await client.exportStreak(), '{"lines": 1}\n');
  service.next.push(new Response("a,b\n", { headers: { "Content-Type": "text/csv; charset=utf-8" } }));
  assert.equal(await client.exportStreak(), "a,b\n");
});

test("a refusal is an error with its code, its status and what it says", async () => {
  const { client, service } = fakeClient();
  service.next.push(problem(429, "rate_limited", { "Retry-After": "7", "X-Request-Id": "f00" }));
  const error = await thrown(client.resetStreak({}, { idempotencyKey: "k" }));
  assert.ok(isUnbrokenError(error) && error instanceof Error);
  const { code, status, message, retryAfterSeconds, requestId, idempotencyKey } = error;
  assert.deepEqual(
    { code, status, message, retryAfterSeconds, requestId, idempotencyKey },
    { code: "rate_limited", status: 429, message: "It is rate_limited.", retryAfterSeconds: 7, requestId: "f00", idempotencyKey: "k" },
  );
  assert.ok(!isUnbrokenError(new Error("any other")));
});

test("what is not the service's answer is told from a refusal", async () => {
  const { client, service } = fakeClient();
  service.next.push(new TypeError("cut"), new Response("<html>", { status: 404 }), new Response("<html>"));
  assert.equal((await thrown(client.getStreak())).code, "network_error");
  assert.deepEqual([(await thrown(client.getStreak())).code, (await thrown(client.getStreak())).code], ["unreadable_answer", "unreadable_answer"]);
});

test("a token that ran out is renewed once, and one that is refused again is told", async () => {
  const asked = [];
  const { client, service } = fakeClient({ getToken: async ({ forceRefresh }) => (asked.push(forceRefresh), "token") });
  service.next.push(problem(401, "unauthenticated"));
  assert.equal((await client.getStreak()).currentStreak, 3);
  service.next.push(problem(401, "unauthenticated"), problem(401, "unauthenticated"));
  assert.equal((await thrown(client.getStreak())).code, "unauthenticated");
  assert.deepEqual(asked, [false, true, false, true]);
});

test("nothing is sent while nobody is signed in, or somebody else than the client's user", async () => {
  for (const token of [null, tokenOf("eve")]) {
    const { client, service } = fakeClient({ userId: "ada", getToken: () => token });
    assert.equal((await thrown(client.getStreak())).code, "unauthenticated");
    assert.deepEqual(service.requests, []);
  }
  assert.equal((await fakeClient({ userId: "ada", getToken: () => tokenOf("ada") }).client.getStreak()).userId, "ada");
});

test("where no token can be had for want of a network that is said", async () => {
  const { client } = fakeClient({ getToken: () => Promise.reject(new Error("offline")) });
  assert.equal((await thrown(client.getStreak())).code, "network_error");
});

test("an App Check token goes along where the app has one", async () => {
  const { client, service } = fakeClient({ getAppCheckToken: async () => "app" });
  await client.getStreak();
  assert.equal(service.requests[0].headers["X-Firebase-AppCheck"], "app");
});

test("an answer that does not come is given up, and so is what the caller gives up", async () => {
  const hanging = (url, { signal }) =>
    new Promise((_, reject) => {
      const give = () => reject(signal.reason);
      if (signal.aborted) give();
      signal.addEventListener("abort", give);
    });
  const { client, clock } = fakeClient({ fetch: hanging });
  const given = thrown(client.getStreak());
  await clock.advance(30_000);
  assert.equal((await given).code, "network_error");
  const { client: patient } = fakeClient({ fetch: hanging });
  const abort = new AbortController();
  const asked = thrown(patient.getStreak({}, { signal: abort.signal }));
  abort.abort();
  assert.equal((await asked).code, "network_error");
});

test("where a device has less of crypto, or none, keys have the same form", (context) => {
  const whole = globalThis.crypto;
  context.after(() => Object.defineProperty(globalThis, "crypto", { value: whole, configurable: true }));
  const bytes = { getRandomValues: (array) => whole.getRandomValues(array) };
  for (const value of [whole, bytes, undefined]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    const names = new Set(Array.from({ length: 100 }, uuid));
    assert.equal(names.size, 100);
    for (const name of names) assert.match(name, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  }
});

test("an id that the network would fold away is refused before anything is sent", async () => {
  const { client, service } = fakeClient();
  const operator = createClientForUsers({ baseUrl: "https://example.com", getToken: () => "token", fetch: service.fetch });
  for (const id of ["", ".", ".."]) {
    await assert.rejects(client.undoActivity({ activityId: id }), { code: "invalid_request", status: 422 });
    await assert.rejects(operator.undoActivityForUser({ uid: "ada", activityId: id }), { code: "invalid_request", status: 422 });
    await assert.rejects(operator.getStreakForUser({ uid: id }), { code: "invalid_request", status: 422 });
  }
  assert.deepEqual(service.requests, []);
  await operator.getStreakForUser({ uid: "..." });
  assert.equal(service.requests[0].url, "https://example.com/admin/users/.../streak");
});

test("an operator's client has the routes for a user, and a page's client has none of them", async () => {
  const { client, service } = fakeClient();
  const operator = createClientForUsers({ baseUrl: "https://example.com", getToken: () => "token", fetch: service.fetch });
  await operator.getCalendarForUser({ uid: "a/b", days: 3 });
  assert.equal(service.requests[0].url, "https://example.com/admin/users/a%2Fb/calendar?days=3");
  assert.equal(client.getCalendarForUser, undefined);
  assert.equal(operator.getCalendar, undefined);
});
