// The inbox: what was told as text, what of it is unread by eye and ear, and page by page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nextNotices } from "../src/inbox.js";
import { inboxView } from "../src/inbox-view.js";
import { elementsOf, textOf } from "../src/nodes.js";
import "../src/notices.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const HOSTILE = '<img src=x onerror="alert(1)">';
const notice = (kind, more = {}) => ({ noticeId: kind, kind, title: "Waiting", body: "One activity keeps it.", date: "2026-03-02", at: "2026-03-02T18:30:00Z", isRead: false, ...more });
const inbox = (notices, { unread = 0, nextPageToken = null, ...more } = {}) =>
  inboxView({ data: { notices, unread, nextPageToken }, failed: false, today: "2026-03-02", words: wordsFor("en"), again: () => {}, busy: false, outcome: null, read: () => {}, more: () => {}, ...more });
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button");

test("a notice says what it says, of which day, and to who hears it whether it is unread", () => {
  const nodes = inbox([notice("reminder"), notice("streak_broken", { isRead: true, title: HOSTILE })], { unread: 1 });
  assert.deepEqual(withClass(nodes, "notice").map(textOf), [
    "Unread:  Waiting One activity keeps it. Monday, March 2, 2026",
    `${HOSTILE} One activity keeps it. Monday, March 2, 2026`,
  ]);
  assert.equal(withClass(nodes, "new").length, 1);
});

test("each kind has a picture, also one of a later version", () => {
  const kinds = ["reminder", "freeze_used", "last_freeze_used", "streak_broken", "streak_restored", "milestone", "bonus_earned", "achievement_unlocked", "challenge_completed", "toString"];
  const drawn = withClass(inbox(kinds.map((kind) => notice(kind))), "disc").map(({ attributes }) => attributes.class.split("v-")[1]);
  assert.deepEqual(drawn, ["pending", "frozen", "frozen", "missed", "repaired", "award", "award", "award", "award", "pending"]);
});

test("how many are unread is a badge, is heard, and is ended by a button that keeps the focus", () => {
  const read = [];
  const nodes = inbox([notice("reminder")], { unread: 1_200, read: () => read.push(1) });
  assert.equal(withClass(nodes, "bubble")[0].children[0], "1,200");
  assert.match(textOf(withClass(nodes, "unread")), /1,200 unread notices/);
  buttons(nodes)[0].attributes.onclick();
  assert.deepEqual(read, [1]);
  const [busy] = buttons(inbox([notice("reminder")], { unread: 1, busy: true }));
  assert.deepEqual([busy.attributes["aria-disabled"], textOf(busy)], ["true", "One moment"]);
  const done = inbox([notice("reminder", { isRead: true })]);
  assert.deepEqual([buttons(done), withClass(done, "bubble")], [[], []]);
  assert.match(textOf(withClass(done, "unread")), /All read/);
});

test("what was refused or had no answer is said, and an empty inbox says that it is one", () => {
  const said = (outcome) => textOf(inbox([notice("reminder")], { unread: 1, outcome })[0].children);
  assert.match(said("cut"), /There was no answer/);
  assert.match(said("refused"), /not possible any more/);
  assert.equal(textOf(inbox([])[0].children).trim(), "Nothing was told in the last 30 days");
});

test("the next page stands behind what is known, with how many are unread by now", async () => {
  assert.equal(textOf(buttons(inbox([notice("reminder")], { nextPageToken: "t" })).at(-1)), "Show more");
  const asked = [];
  const pages = [{ notices: ["c", "b"], unread: 1, nextPageToken: "t" }, { notices: ["a"], unread: 2, nextPageToken: null }];
  const client = { listNotices: async (input) => (asked.push(input), pages[asked.length - 1]) };
  const first = await nextNotices(client, null);
  assert.deepEqual(await nextNotices(client, first), { notices: ["c", "b", "a"], unread: 2, nextPageToken: null });
  assert.deepEqual(asked, [{ pageSize: 20 }, { pageSize: 20, pageToken: "t" }]);
});
