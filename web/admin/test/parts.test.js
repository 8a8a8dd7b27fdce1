// What a screen asks for, and what becomes of a wish: whatever comes late, twice, or not at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createParts } from "../parts.js";
import { createWishes } from "../wish.js";
import { ACTS } from "../acts.js";

const refused = (code, status) => Object.assign(new Error(code), { problem: { code, status, detail: code } });
const later = () => {
  const one = {};
  one.promise = new Promise((resolve, reject) => Object.assign(one, { resolve, reject }));
  return one;
};

test("each part is known or refused by itself, and asked for again by itself", async () => {
  let isOpen = false;
  const parts = createParts(async ({ name }) => {
    if (name === "shut" && !isOpen) throw refused("forbidden", 403);
    return { name };
  }, () => {});
  await parts.begin({ one: { name: "one" }, shut: { name: "shut" } });
  assert.deepEqual([parts.state("one").data, parts.state("shut").problem.code, parts.state("never").data], [{ name: "one" }, "forbidden", null]);
  isOpen = true;
  await parts.again("shut");
  assert.deepEqual(parts.state("shut"), { data: { name: "shut" }, problem: null, isAsking: false });
});

test("a page that follows is put behind those that are known, which stay where it can't be had", async () => {
  const asked = [];
  const pages = [{ rows: [1, 2], nextPageToken: "t" }, { rows: [3], nextPageToken: null }];
  const parts = createParts(async ({ input }) => {
    asked.push(input);
    if (asked.length === 2) throw refused("database_unavailable", 503);
    return pages[asked.length > 1 ? 1 : 0];
  }, () => {});
  await parts.begin({ all: { name: "list", input: { uid: "a" }, list: "rows" } });
  await parts.more("all");
  assert.deepEqual([parts.state("all").data.rows, parts.state("all").problem.code], [[1, 2], "database_unavailable"]);
  await parts.more("all");
  assert.deepEqual(parts.state("all").data, { rows: [1, 2, 3], nextPageToken: null });
  assert.deepEqual(asked, [{ uid: "a" }, { uid: "a", pageToken: "t" }, { uid: "a", pageToken: "t" }]);
});

test("what was asked for another screen is nothing to this one", async () => {
  const slow = later();
  const parts = createParts(({ name }) => (name === "slow" ? slow.promise : Promise.resolve(name)), () => {});
  const first = parts.begin({ same: { name: "slow" } });
  await parts.begin({ same: { name: "fast" } });
  slow.resolve("of another user");
  await first;
  assert.equal(parts.state("same").data, "fast");
});

test("an answer that was overtaken by a newer one of the same part says what was", async () => {
  const [first, second] = [later(), later()];
  const answers = [first.promise, second.promise];
  const parts = createParts(() => answers.shift(), () => {});
  const both = [parts.begin({ one: { name: "one" } }), parts.refresh()];
  second.resolve("new");
  first.resolve("old");
  await Promise.all(both);
  assert.deepEqual(parts.state("one"), { data: "new", problem: null, isAsking: false });
});

test("what follows from an answer is asked for by it, and again when all is", async () => {
  const asked = [];
  let number = 1;
  const parts = createParts(async ({ name, input }) => (asked.push([name, input.number]), { number }), () => {});
  await parts.begin({ list: { name: "list", follow: (data) => ({ one: { name: "show", input: data } }) } });
  number = 2;
  await parts.refresh();
  assert.deepEqual(asked, [["list", undefined], ["show", 1], ["list", undefined], ["show", 2]]);
  assert.equal(parts.state("one").data.number, 2);
});

const wishing = (answers) => {
  const sent = [];
  let keys = 0;
  let done = 0;
  const wishes = createWishes({
    send: async ({ operation }, input, key) => {
      sent.push([operation, input, key]);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    uuid: () => `key-${++keys}`,
    changed: () => {},
    done: () => void done++,
  });
  wishes.open(ACTS.grant, { uid: "ada" });
  return { wishes, sent, done: () => done };
};

test("a wish is sent once for two clicks, and is done", async () => {
  const answer = later();
  const { wishes, sent, done } = wishing([answer.promise]);
  const both = [wishes.submit({ count: 1, reason: "r" }), wishes.submit({ count: 1, reason: "r" })];
  answer.resolve({});
  await Promise.all(both);
  assert.deepEqual([sent, done()], [[["grantFreezesForUser", { uid: "ada", count: 1, reason: "r" }, "key-1"]], 1]);
  assert.deepEqual(wishes.state(), { open: null, isBusy: false, refusal: null, done: ACTS.grant });
});

test("what may have happened is sent again under its key, and what is another wish under another", async () => {
  const cut = refused("network_error", 0);
  const { wishes, sent } = wishing([cut, refused("contention", 503), cut, {}]);
  for (const count of [1, 1, 2, 1]) await wishes.submit({ count, reason: "r" });
  assert.deepEqual(sent.map(([, , key]) => key), ["key-1", "key-1", "key-2", "key-1"]);
});

test("what was refused for good stays open with its refusal, and is another wish the next time", async () => {
  const { wishes, sent, done } = wishing([refused("freezes_full", 409), {}]);
  await wishes.submit({ count: 1, reason: "r" });
  assert.deepEqual([wishes.state().open.act, wishes.state().refusal.code, done()], [ACTS.grant, "freezes_full", 0]);
  await wishes.submit({ count: 1, reason: "r" });
  assert.deepEqual([sent.map(([, , key]) => key), done()], [["key-1", "key-2"], 1]);
});

test("what becomes of a wish that was closed meanwhile is told to nobody", async () => {
  const answer = later();
  const { wishes, done } = wishing([answer.promise]);
  const sending = wishes.submit({ count: 1, reason: "r" });
  wishes.close();
  answer.resolve({});
  await sending;
  assert.deepEqual([wishes.state().done, done()], [null, 0]);
});

test("what may have happened keeps its key though its form is closed, until it has come to an end or somebody else signs in", async () => {
  const cut = refused("network_error", 0);
  const { wishes, sent } = wishing([cut, {}, {}, cut, {}]);
  const again = async () => {
    wishes.close();
    wishes.open(ACTS.grant, { uid: "ada" });
    await wishes.submit({ count: 1, reason: "r" });
  };
  for (let times = 0; times < 4; times += 1) await again();
  wishes.forget();
  await again();
  assert.deepEqual(sent.map(([, , key]) => key), ["key-1", "key-1", "key-2", "key-3", "key-4"]);
});

test("what came to its end after its form was closed is another wish the next time", async () => {
  const answer = later();
  const { wishes, sent } = wishing([answer.promise, {}]);
  const sending = wishes.submit({ count: 1, reason: "r" });
  wishes.close();
  answer.resolve({});
  await sending;
  wishes.open(ACTS.grant, { uid: "ada" });
  await wishes.submit({ count: 1, reason: "r" });
  assert.deepEqual(sent.map(([, , key]) => key), ["key-1", "key-2"]);
});

test("who asks for one more is told what was answered, and nothing where it was refused or another screen has begun", async () => {
  const answers = [];
  const parts = createParts(() => answers.at(-1).promise, () => {});
  const asked = () => (answers.push(later()), parts.ask("file", { name: "getReport" }));
  const told = asked();
  answers[0].resolve("a,b");
  assert.equal(await told, "a,b");
  const shut = asked();
  answers[1].reject(refused("forbidden", 403));
  assert.equal(await shut, null);
  const late = asked();
  await parts.begin({});
  answers[2].resolve("c,d");
  assert.equal(await late, null);
});
