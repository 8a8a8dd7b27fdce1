// The badge: a length only where it is known, and the time that is left only where something is needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import "../src/de.js";
import { badgeView, deadlineOf } from "../src/badge-view.js";
import { elementsOf, textOf } from "../src/nodes.js";
import { wordsFor } from "../src/words.js";
import { MONDAY, pending, unknown } from "./parts.js";

const en = wordsFor("en");
const seen = (node) => (typeof node === "string" ? node : node.children.map(seen).join(" "));
const badge = (shown, { now = MONDAY, words = en } = {}) => badgeView({ shown, now, words });

test("a streak that still needs an activity says its length and how long there is left", () => {
  const { nodes } = badge(pending());
  assert.equal(textOf(nodes), "12-day streak. Today still needs an activity. 9 hr 13 min left, or the streak ends");
  assert.match(seen(nodes[0]), /^\s*12 /);
});

test("where a freeze would be spent it does not say that the streak ends", () => {
  assert.match(textOf(badge(pending({ after: 12 })).nodes), /or a freeze is spent$/);
  assert.doesNotMatch(textOf(badge(pending({ after: 0 })).nodes), /freeze/);
});

test("where what comes after was not foretold the worse is said", () => {
  const shown = pending({ after: 12 });
  shown.document.timeline.pop();
  assert.equal(deadlineOf(shown).ends, true);
});

test("what needs nothing today has no deadline, though one comes later", () => {
  for (const status of ["extended", "protected"]) {
    const { nodes, next } = badge({ ...pending(), status });
    assert.deepEqual([elementsOf(nodes, ({ attributes }) => attributes.role === "timer"), next], [[], null]);
  }
});

test("a streak that nobody knows has no number", () => {
  const { nodes, next } = badge(unknown);
  assert.equal(textOf(nodes), "Your streak is not known without a network");
  assert.doesNotMatch(seen(nodes[0]), /\d/);
  assert.equal(next, null);
});

test("a dead streak is 0, has no flame that burns and no deadline", () => {
  const dead = { ...pending(), status: "none", currentStreak: 0, document: { ...pending().document, expiresAt: null } };
  const { nodes } = badge(dead);
  assert.equal(textOf(nodes), "No streak yet");
  assert.equal(nodes[0].attributes.class, "badge none");
  assert.equal(badge(pending()).nodes[0].attributes.class, "badge pending");
});

test("it is drawn again when the time that is left is another, and a deadline that has passed is not shown", () => {
  const { next } = badge(pending(), { now: MONDAY + 30_000 });
  assert.equal(next, 30_001);
  assert.match(textOf(badge(pending(), { now: MONDAY + 30_000 }).nodes), /9 hr 12 min/);
  assert.match(textOf(badge(pending(), { now: MONDAY + 30_000 + next }).nodes), /9 hr 11 min/);
  const ends = Date.parse("2026-03-03T04:00:00Z");
  assert.match(textOf(badge(pending(), { now: ends - 1 }).nodes), /less than a minute left/);
  assert.doesNotMatch(textOf(badge(pending(), { now: ends }).nodes), /left/);
});

test("it speaks German, in the singular too", () => {
  const words = wordsFor("de-AT");
  assert.match(textOf(badge(pending({ length: 1 }), { words }).nodes), /^Serie von 1 Tag\. Heute fehlt noch eine Aktivität\. Noch 9 Std\. 13 Min\./);
  assert.match(textOf(badge(pending({ length: 2 }), { words }).nodes), /^Serie von 2 Tagen\./);
});
