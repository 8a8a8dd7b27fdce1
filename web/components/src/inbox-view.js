// What `<streak-inbox>` shows: how many notices are unread, and what each says. Pure: must not know the DOM.

/** @import { Notice, NoticePage } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Outcome } from "./once.js" */
/** @import { Words } from "./words.js" */
import { loadedView } from "./loading-view.js";
import { h, heard } from "./nodes.js";
import { pictureOf } from "./pictures.js";

/** What each kind is drawn as. @type {Record<string, string>} */
const DRAWN_AS = {
  reminder: "pending",
  freeze_used: "frozen",
  last_freeze_used: "frozen",
  streak_broken: "missed",
  streak_restored: "repaired",
  milestone: "award",
  bonus_earned: "award",
  achievement_unlocked: "award",
  challenge_completed: "award",
};

/** @typedef {{ busy: boolean, outcome: Outcome | null, read: () => void, more: () => void }} Reading */

/** @param {Notice} notice @param {Words} words */
const row = ({ kind, title, body, date, isRead }, words) => {
  // One of a later version as what is still open.
  const drawn = Object.hasOwn(DRAWN_AS, kind) ? DRAWN_AS[kind] : "pending";
  return h(
    "li",
    { class: isRead ? "notice" : "notice new" },
    h("span", { class: `disc v v-${drawn}`, "aria-hidden": "true" }, pictureOf(drawn)),
    h("p", { class: "what" }, !isRead && heard(`${words.say("isUnread")} `), h("bdi", null, title)),
    // Of the user's language, which the page need not be in.
    h("p", null, h("bdi", null, body)),
    h("p", { class: "when muted" }, words.day(date)),
  );
};

/** @param {Loaded<NoticePage> & Reading} state @returns {Node[]} */
export const inboxView = (state) => {
  const { words, busy, outcome, read, more } = state;
  return loadedView(state, words.say("inbox"), ({ notices, unread, nextPageToken }) => ({
    asOf: null,
    nodes: [
      notices.length > 0 && h(
        "div",
        { class: "head" },
        h(
          "p",
          { class: "unread" },
          unread > 0 && h("span", { class: "bubble", "aria-hidden": "true" }, words.number(unread)),
          // Its number is in the badge for those who see it.
          h("span", { class: unread > 0 ? "heard" : "muted", role: "status" }, words.say(unread > 0 ? "unread" : "unreadNone", { count: unread })),
        ),
        // It keeps the focus while it is carried out.
        unread > 0 && h("button", { type: "button", "aria-disabled": busy && "true", onclick: read }, words.say(busy ? "taking" : "markRead")),
      ),
      h("p", { role: "status" }, outcome ? words.say(`outcome_${outcome}`) : ""),
      notices.length ? h("ol", { role: "list" }, notices.map((one) => row(one, words))) : h("p", { class: "muted" }, words.say("inboxNone")),
      ...(nextPageToken ? [h("button", { type: "button", onclick: more }, words.say("more"))] : []),
    ].filter((one) => one !== false),
  }));
};
