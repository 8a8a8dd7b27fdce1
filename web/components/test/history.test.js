// The history: every kind of event in words, page by page, and why a day counts as it does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import "../src/de.js";
import { eventText, historyView } from "../src/history-view.js";
import { nextPage } from "../src/history.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { TEXTS } from "../src/texts.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const en = wordsFor("en");
const event = (type, details = {}, eventId = type) => ({ eventId, type, date: "2026-03-02", occurredAt: "2026-03-02T09:00:00Z", details });
const idle = { opened: null, why: { data: null, failed: false }, toggle: () => {}, more: () => {} };
const history = (events, { nextPageToken = null, ...more } = {}) =>
  historyView({ data: { events, nextPageToken }, failed: false, today: "2026-03-02", words: en, again: () => {}, ...idle, ...more });

test("every kind of event of the contract has a text in every language, and there is none for another", () => {
  const contract = readFileSync(new URL("../../client/src/contract.d.ts", import.meta.url), "utf-8");
  const kinds = [...contract.matchAll(/eventId: string;\s+type: "(\w+)"|eventId: string; type: "(\w+)"/g)].map(([, one, other]) => one ?? other);
  assert.ok(kinds.length > 10);
  for (const texts of Object.values(TEXTS)) {
    const told = Object.keys(texts).filter((name) => name.startsWith("event_"));
    assert.deepEqual(told.sort(), kinds.map((kind) => `event_${kind}`).sort());
  }
});

test("an event says how long the streak was, what was given, and that support did it", () => {
  assert.equal(eventText(event("streak_broken", { length: 12 }), en), "Streak ended: 12-day streak");
  assert.equal(eventText(event("freezes_granted", { granted: 2, by: "support" }), en), "Given: 2 freezes (by support)");
  assert.equal(eventText(event("xp_granted", { amount: -1500, by: "support" }), wordsFor("de")), "XP geändert: -1.500 (durch den Support)");
  assert.equal(eventText(event("something_new"), en), "Something new");
});

test("who was unblocked is not drawn as one who was blocked", () => {
  const drawn = withClass(history([event("user_blocked"), event("user_unblocked")]), "disc").map(({ attributes }) => attributes.class);
  assert.deepEqual(drawn.map((name) => name.includes("v-missed")), [true, false]);
});

test("a reason is shown of the one that was opened, and where the day can't be explained it says so", () => {
  const why = { data: { days: [{ date: "2026-03-02", verdict: "missed", because: "no counted activity" }] }, failed: false };
  const two = [event("streak_broken", { length: 3 }, "a"), event("streak_started", {}, "b")];
  const reasons = withClass(history(two, { opened: "a", why }), "why");
  assert.deepEqual(reasons.map(({ attributes }) => attributes.hidden ?? false), [false, true]);
  assert.equal(textOf(reasons[0]), "Monday, March 2, 2026: missed –  no counted activity");
  assert.deepEqual(elementsOf(reasons[0], ({ tag }) => tag === "span").map(({ attributes }) => attributes.lang), ["en"]);
  const told = (state) => textOf(withClass(history(two, { opened: "a", why: state }), "why")[0]);
  assert.match(told({ data: { days: [] }, failed: false }), /too long ago/);
  assert.match(told({ data: null, failed: false }), /One moment/);
  assert.match(told({ data: null, failed: true }), /can't be shown/);
});

test("each why is heard with the event that it is about, and whether it is open", () => {
  const buttons = elementsOf(history([event("streak_started")], { opened: "streak_started" }), ({ tag }) => tag === "button");
  assert.deepEqual(buttons.map(({ attributes }) => [attributes["aria-label"], attributes["aria-expanded"]]), [["Why? Streak started", "true"]]);
});

test("where there is another page it can be asked for, and stands behind what is known", async () => {
  const last = (nodes) => textOf(elementsOf(nodes, ({ tag }) => tag === "button").at(-1));
  assert.equal(last(history([event("streak_started")], { nextPageToken: "t" })), "Show more");
  assert.equal(last(history([event("streak_started")])), "Why? Streak started");
  const asked = [];
  const pages = [{ events: ["c", "b"], nextPageToken: "t" }, { events: ["a"], nextPageToken: null }];
  const client = { listEvents: async (input) => (asked.push(input), pages[asked.length - 1]) };
  const first = await nextPage(client, null);
  assert.deepEqual(await nextPage(client, first), { events: ["c", "b", "a"], nextPageToken: null });
  assert.deepEqual(asked, [{ pageSize: 20 }, { pageSize: 20, pageToken: "t" }]);
});

test("where nothing happened it says so, and where no more could be had it keeps what it has", () => {
  assert.match(textOf(history([])[0].children), /Nothing has happened yet/);
  const nodes = history([event("streak_started")], { failed: true });
  assert.equal(withClass(nodes, "event").length, 1);
  assert.match(textOf(withClass(nodes, "note")), /can't be shown/);
});
