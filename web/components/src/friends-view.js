// What `<streak-friends>` shows: friend streaks, invitations with their codes, a code to accept, and who is blocked. Pure: must not know the DOM.

/** @import { Friend, FriendBlock, Invitation } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Doing } from "./once.js" */
/** @import { Words } from "./words.js" */
import { NAME_MAX } from "./leaderboard-view.js";
import { loadedView } from "./loading-view.js";
import { h } from "./nodes.js";
import { outcomeView } from "./outcome-view.js";
import { flame } from "./pictures.js";
import { tapView } from "./taps.js";

// However it is spaced.
const CODE_MAX = 64;

/**
 * @typedef {{ friends: Friend[], invitations: Invitation[], blocks: FriendBlock[] }} Company
 * @typedef {{ kind: "end" | "block", friendId: string }} Question
 * @typedef {{
 *   asked: Question | null, copied: string | null,
 *   invite: (name: string) => void, withdraw: (code: string) => void, copy: (code: string) => void, accept: (code: string, name: string) => void,
 *   begin: (asked: Question) => void, stay: () => void, end: (friendId: string) => void, block: (friendId: string) => void, unblock: (friendId: string) => void,
 * }} Befriending `copied` is the last code that somebody wanted to copy; empty where it could not be
 */
/** @typedef {Befriending & Doing & { words: Words }} State */

/** @param {Friend} friend @param {State} state */
const row = ({ friendId, name, keptToday, friendStreak, longestFriendStreak }, state) => {
  const { words, asked, begin, stay, end, block } = state;
  const isAsked = asked?.friendId === friendId;
  const kind = isAsked ? asked.kind : null;
  // All three are null, or none.
  const isKnown = keptToday !== null && friendStreak !== null && longestFriendStreak !== null;
  return h(
    "li",
    { class: keptToday ? "person kept" : "person" },
    h("div", { class: "together", "aria-hidden": "true" }, flame(), h("b", null, isKnown ? words.number(friendStreak) : "–")),
    h("p", { class: "what" }, h("bdi", null, name)),
    h("p", null, words.say(isKnown ? (keptToday ? "friendKept" : "friendNotKept") : "friendUnknown")),
    isKnown && h("p", { class: "muted hint" }, `${words.say("friendDays", { count: friendStreak })} · ${words.say("friendLongest", { count: longestFriendStreak })}`),
    h("p", { class: isAsked && "asks", role: "status" }, kind && words.say(kind === "end" ? "friendEndAsks" : "friendBlockAsks")),
    kind
      ? // Where it was asked is “cancel”, so that a second tap by mistake changes nothing.
        h(
          "div",
          { class: "taps" },
          tapView(state, { what: "cancel", name, onclick: stay }),
          kind === "end" ? tapView(state, { what: "friendEnd", name, id: `end ${friendId}`, onclick: () => end(friendId) }) : tapView(state, { what: "friendBlock", name, id: `block ${friendId}`, onclick: () => block(friendId) }),
        )
      : h("div", { class: "taps" }, tapView(state, { what: "friendEnd", name, onclick: () => begin({ kind: "end", friendId }) }), tapView(state, { what: "friendBlock", name, onclick: () => begin({ kind: "block", friendId }) })),
  );
};

/** @param {Invitation} invitation @param {State} state */
const invitationRow = ({ code, name, expiresAt }, state) => {
  const { words, copy, withdraw } = state;
  return h(
    "li",
    { class: "line" },
    h("p", { class: "grow" }, h("code", { dir: "ltr" }, code), h("br"), h("span", { class: "muted hint" }, h("bdi", null, name), ` · ${words.say("invitationUntil", { day: words.dateOf(expiresAt) })}`)),
    h("div", { class: "taps" }, tapView(state, { what: "copy", name: code, isMain: true, onclick: () => copy(code) }), tapView(state, { what: "withdraw", name: code, id: `withdraw ${code}`, onclick: () => withdraw(code) })),
  );
};

/** @param {FriendBlock} block @param {State} state */
const blockRow = ({ friendId, name }, state) =>
  h("li", { class: "line" }, h("p", { class: "grow" }, h("bdi", null, name)), h("div", { class: "taps" }, tapView(state, { what: "unblock", name, id: `unblock ${friendId}`, onclick: () => state.unblock(friendId) })));

/** @param {string} title @param {string} action @param {string} id @param {Node[]} fields @param {string} hint @param {(said: (name: string) => string) => void} send @param {State} state */
const form = (title, action, id, fields, hint, send, { words, busy }) => {
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const said = new FormData(/** @type {HTMLFormElement} */ (event.target));
    send((name) => String(said.get(name) ?? ""));
  };
  return h(
    "form",
    { onsubmit: submitted },
    h("h3", null, words.say(title)),
    h("div", { class: "fields" }, fields),
    hint && h("p", { class: "muted hint" }, hint),
    h("button", { class: "main", "aria-disabled": busy && "true" }, words.say(busy === id ? "taking" : action)),
  );
};

/** @param {Loaded<Company> & Befriending & Doing} state @returns {Node[]} */
export const friendsView = (state) => {
  const { words, copied, invite, accept } = state;
  return loadedView(state, words.say("friends"), ({ friends, invitations, blocks }) => {
    // The name that is known to others is offered once more.
    const known = friends[0]?.ownName ?? invitations[0]?.name ?? "";
    const nameField = (/** @type {string} */ id) => h("label", { class: "field" }, words.say("name"), h("input", { id, name: "name", required: true, maxlength: NAME_MAX, autocomplete: "nickname", value: known }));
    const codeField = h("label", { class: "field" }, words.say("code"), h("input", { name: "code", required: true, maxlength: CODE_MAX, autocomplete: "off", autocapitalize: "characters", spellcheck: "false", placeholder: "7KQM-2XWA-9T4C", dir: "ltr" }));
    return {
      asOf: null,
      nodes: /** @type {Node[]} */ (
        [
          friends.length ? h("ul", { class: "people", role: "list" }, friends.map((one) => row(one, state))) : h("p", { class: "muted" }, words.say("friendsNone")),
          outcomeView(state, words),
          form("invite", "inviteMake", "invite", [nameField("invite-name")], words.say("inviteHint"), (said) => invite(said("name")), state),
          ...(invitations.length ? [h("h3", null, words.say("invitations")), h("ul", { role: "list" }, invitations.map((one) => invitationRow(one, state)))] : []),
          h("p", { class: "said", role: "status" }, copied === null ? "" : copied ? words.say("copied", { code: copied }) : words.say("notCopied")),
          form("accept", "acceptMake", "accept", [codeField, nameField("accept-name")], "", (said) => accept(said("code"), said("name")), state),
          ...(blocks.length ? [h("h3", null, words.say("blocks")), h("ul", { role: "list" }, blocks.map((one) => blockRow(one, state)))] : []),
        ]
      ),
    };
  });
};
