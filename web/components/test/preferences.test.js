// What is chosen of notices: as it stands, each box with its name, and only what is otherwise is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { channelsOf, chosenIn, offeredTo } from "../src/choosing.js";
import { elementsOf, textOf } from "../src/nodes.js";
import "../src/notices.js";
import { preferencesView } from "../src/preferences-view.js";
import { wordsFor } from "../src/words.js";

const preferences = {
  channels: { reminder: ["push"], lastFreezeUsed: ["inbox", "push"], milestone: [] },
  quietHours: { from: "22:00", until: "08:00" },
  remindAt: "usual",
  language: "en",
};
const idle = { offered: ["inbox", "push"], languages: ["en", "de"], busy: false, ended: null, save: () => {} };
const view = (more = {}, data = preferences) => preferencesView({ data, failed: false, today: null, words: wordsFor("en"), again: () => {}, ...idle, ...more });
const inputs = (nodes, type) => elementsOf(nodes, ({ attributes }) => attributes.type === type).map(({ attributes }) => attributes);
/** A form as it stands before anybody touches it, and what somebody does to it. */
const form = (known = preferences, more = {}) => {
  const boxes = Object.entries(known.channels).flatMap(([kind, own]) => own.map((one) => [`${kind} ${one}`, "on"]));
  const { remindAt, quietHours, language } = known;
  const said = { ...Object.fromEntries(boxes), remindAt: remindAt === "usual" ? "" : remindAt, ...quietHours, language, ...more };
  return { get: (name) => said[name] ?? null };
};
const BOTH = ["inbox", "push"];

test("each box is named by its kind and its channel, and ticked where it is chosen", () => {
  const boxes = inputs(view(), "checkbox");
  assert.deepEqual(boxes.map(({ name, checked = false }) => [name, checked]), [
    ["reminder inbox", false],
    ["reminder push", true],
    ["lastFreezeUsed inbox", true],
    ["lastFreezeUsed push", true],
    ["milestone inbox", false],
    ["milestone push", false],
  ]);
  assert.equal(boxes[3]["aria-label"], "The last freeze kept it: Push");
});

test("a kind of a later version is shown by its name", () => {
  const [box] = inputs(view({}, { ...preferences, channels: { friendAhead: [] } }), "checkbox");
  assert.equal(box["aria-label"], "Friend ahead: Inbox");
});

test("times are as they stand, the usual one is empty, and each has its words", () => {
  assert.deepEqual(inputs(view(), "time").map(({ id, value, required = false }) => [id, value, required]), [["remindAt", "", false], ["from", "22:00", true], ["until", "08:00", true]]);
  assert.equal(inputs(view({}, { ...preferences, remindAt: "18:30" }), "time")[0].value, "18:30");
  const labels = elementsOf(view(), ({ tag, attributes }) => tag === "label" && attributes.for);
  const ids = new Set(elementsOf(view(), ({ attributes }) => attributes.id).map(({ attributes }) => attributes.id));
  for (const { attributes } of labels) assert.ok(ids.has(attributes.for));
  for (const { "aria-describedby": hint } of inputs(view(), "time")) assert.ok(ids.has(hint));
});

test("languages are named in themselves, the user's own among them whatever it is", () => {
  const options = elementsOf(view({ languages: ["en", "de", "no one!"] }, { ...preferences, language: "fr" }), ({ tag }) => tag === "option");
  assert.deepEqual(options.map(({ attributes, children }) => [attributes.value, children[0], attributes.selected ?? false]), [["en", "English", false], ["de", "Deutsch", false], ["no one!", "no one!", false], ["fr", "français", true]]);
});

test("letters are offered where that is said, or where somebody has chosen them", () => {
  assert.deepEqual([channelsOf(null), channelsOf("email  push"), channelsOf("pigeon")], [["inbox", "push"], ["push", "email"], []]);
  assert.deepEqual(offeredTo(preferences, BOTH), BOTH);
  assert.deepEqual(offeredTo({ ...preferences, channels: { reminder: ["email"] } }, BOTH), ["inbox", "push", "email"]);
});

test("what is not otherwise is not sent", () => {
  assert.equal(chosenIn(preferences, BOTH, form()), null);
  const timed = { ...preferences, remindAt: "18:30" };
  assert.equal(chosenIn(timed, BOTH, form(timed)), null);
});

test("what is otherwise is sent, of the kinds that changed alone, in the order of the channels", () => {
  assert.deepEqual(chosenIn(preferences, BOTH, form(preferences, { "milestone push": "on", "milestone inbox": "on", "reminder push": null })), { channels: { reminder: [], milestone: ["inbox", "push"] } });
  assert.deepEqual(chosenIn(preferences, BOTH, form(preferences, { remindAt: "07:15" })), { remindAt: "07:15" });
  assert.deepEqual(chosenIn({ ...preferences, remindAt: "18:30" }, BOTH, form()), { remindAt: "usual" });
  assert.deepEqual(chosenIn(preferences, BOTH, form(preferences, { until: "07:00" })), { quietHours: { from: "22:00", until: "07:00" } });
  assert.deepEqual(chosenIn(preferences, BOTH, form(preferences, { language: "de" })), { language: "de" });
});

test("a channel that is not shown stays as it is", () => {
  const lettered = { ...preferences, channels: { reminder: ["push", "email"] } };
  assert.deepEqual(chosenIn(lettered, BOTH, form(lettered, { "reminder inbox": "on", "reminder email": null })), { channels: { reminder: ["inbox", "push", "email"] } });
});

test("a form that is sent gives itself, and says in the service's own words why it was refused", () => {
  const sent = [];
  const [{ attributes }] = elementsOf(view({ save: (one) => sent.push(one) }), ({ tag }) => tag === "form");
  attributes.onsubmit({ preventDefault: () => sent.push("stayed"), target: "form" });
  assert.deepEqual(sent, ["stayed", "form"]);
  const said = (ended) => textOf(elementsOf(view({ ended }), (one) => one.attributes.role === "status"));
  assert.deepEqual([said(null), said({ kind: "saved" })], ["", "Saved."]);
  assert.match(said({ kind: "cut" }), /There was no answer/);
  assert.match(said({ kind: "refused", why: "Too many commands." }), /not saved\. +Too many commands\./);
});
