// Friend streaks: what is told of a friend, codes that are copied and accepted, and what ends it once it was asked twice.

import assert from "node:assert/strict";
import { test } from "node:test";
import { friendsView } from "../src/friends-view.js";
import { elementsOf, textOf } from "../src/nodes.js";
import "../src/others.js";
import { wordsFor } from "../src/words.js";
import { withClass } from "./parts.js";

const HOSTILE = '<img src=x onerror="alert(1)">';
const friend = (more = {}) => ({ friendId: "f", name: "Ben", ownName: "Ada", keptToday: true, friendStreak: 12, longestFriendStreak: 30, since: "2026-01-20T09:00:00Z", ...more });
const invitation = (more = {}) => ({ code: "7KQM-2XWA-9T4C", name: "Ada L.", createdAt: "2026-03-02T12:00:00Z", expiresAt: "2026-03-09T12:00:00Z", ...more });
const acts = ["invite", "withdraw", "copy", "accept", "begin", "stay", "end", "block", "unblock"];
const heard = (said) => Object.fromEntries(acts.map((name) => [name, (...what) => said.push([name, ...what])]));
const idle = { failed: false, today: null, again: () => {}, busy: null, outcome: null, why: null, detail: null, asked: null, copied: null };
const view = ({ friends = [], invitations = [], blocks = [], said = [], ...more } = {}) => friendsView({ data: { friends, invitations, blocks }, words: wordsFor("en"), ...idle, ...heard(said), ...more });
const buttons = (nodes) => elementsOf(nodes, ({ tag }) => tag === "button");
const labels = (nodes) => buttons(nodes).map((one) => one.attributes["aria-label"] ?? textOf(one.children));
const press = (nodes, label) => buttons(nodes)[labels(nodes).indexOf(label)].attributes.onclick();

test("of a friend there is the name as text, whether today is kept, and the days of both", () => {
  const [first, second] = withClass(view({ friends: [friend({ name: HOSTILE }), friend({ keptToday: false, friendStreak: 1, longestFriendStreak: 1 })] }), "person");
  assert.match(textOf(first), new RegExp(`^.*has kept today 12 days kept by both · longest: 30 days`));
  assert.ok(textOf(first).includes(HOSTILE));
  assert.match(textOf(second), /Ben has not kept today yet 1 day kept by both · longest: 1 day/);
});

test("of a friend who can't be read there is a dash and a sentence, and it can be ended as ever", () => {
  const nodes = view({ friends: [friend({ keptToday: null, friendStreak: null, longestFriendStreak: null }), friend({ name: "Eve" })] });
  const [first, second] = withClass(nodes, "person");
  assert.equal(textOf(withClass(nodes, "together")[0].children), "–");
  assert.match(textOf(first), /^Ben can't be shown just now/);
  assert.ok(!/kept|longest|null/.test(textOf(first)), textOf(first));
  assert.match(textOf(second), /Eve has kept today/);
  assert.ok(labels(nodes).includes("End: Ben"));
});

test("it is ended, or blocked, only once it was asked again, and where it was is cancel", () => {
  const said = [];
  const calm = view({ friends: [friend()], said });
  press(calm, "End: Ben");
  press(calm, "Block: Ben");
  for (const kind of ["end", "block"]) {
    const asking = view({ friends: [friend()], asked: { kind, friendId: "f" }, said });
    assert.match(textOf(withClass(asking, "asks")), kind === "end" ? /gone for both/ : /no invitation works/);
    const shown = labels(asking).slice(0, 2);
    assert.equal(shown[0], "Cancel: Ben");
    press(asking, shown[1]);
  }
  assert.deepEqual(said, [["begin", { kind: "end", friendId: "f" }], ["begin", { kind: "block", friendId: "f" }], ["end", "f"], ["block", "f"]]);
});

test("an invitation has its code, until when it works, and is copied and withdrawn", () => {
  const said = [];
  const nodes = view({ invitations: [invitation()], said });
  assert.match(textOf(withClass(nodes, "line")), /7KQM-2XWA-9T4C .*Ada L\..* works once, until March 9, 2026/);
  press(nodes, "Copy: 7KQM-2XWA-9T4C");
  press(nodes, "Withdraw: 7KQM-2XWA-9T4C");
  assert.deepEqual(said, [["copy", "7KQM-2XWA-9T4C"], ["withdraw", "7KQM-2XWA-9T4C"]]);
  const told = (copied) => textOf(withClass(view({ copied }), "said")[1]);
  assert.deepEqual([told(null), told("7KQM"), told("")], ["", "Copied: 7KQM", "It could not be copied; select it."]);
});

test("the name that others know is offered once more, and each form has its button", () => {
  const names = (nodes) => elementsOf(nodes, ({ attributes }) => attributes.name === "name").map(({ attributes }) => attributes.value);
  assert.deepEqual(names(view()), ["", ""]);
  assert.deepEqual(names(view({ invitations: [invitation()] })), ["Ada L.", "Ada L."]);
  assert.deepEqual(names(view({ friends: [friend()], invitations: [invitation()] })), ["Ada", "Ada"]);
  assert.deepEqual(labels(view()), ["Make an invitation", "Accept"]);
  assert.deepEqual(labels(view({ busy: "invite" })), ["One moment", "Accept"]);
});

test("who is blocked is listed and taken back, and a refusal says why", () => {
  const said = [];
  const nodes = view({ blocks: [{ friendId: "b", name: "Eve", blockedAt: "2026-03-02T12:00:00Z" }], said });
  press(nodes, "Unblock: Eve");
  assert.deepEqual(said, [["unblock", "b"]]);
  const why = (code) => textOf(withClass(view({ outcome: "refused", why: code }), "said")[0]);
  assert.match(why("invitation_not_found"), /No invitation with this code/);
  assert.match(why("too_many_friends"), /as many friend streaks/);
  assert.match(textOf(view()[0].children), /Invite somebody/);
});
