// What a user and an assistant said: the conversations, and the messages of one that somebody opens. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Conversation, Message } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { moment, moreOf, partView } from "./part-view.js";

const CONVERSATIONS_A_PAGE = 10;
const MESSAGES_A_PAGE = 20;

/** @param {string} sessionId */
const partOf = (sessionId) => `messages ${sessionId}`;

/** @param {string} uid @returns {Question} */
export const conversationsOf = (uid) => ({ name: "listConversationsForUser", input: { uid, pageSize: CONVERSATIONS_A_PAGE }, list: "conversations" });

/** @param {Message} message @param {Around["words"]} words */
const messageView = ({ role, content, at, intent, seq }, words) =>
  h("li", { class: "message" }, h("p", { class: "muted small" }, `${seq} · ${words.name("admin_said", role)} · `, moment(at), intent && ` · ${intent}`), h("p", { class: "content" }, content));

/** What people said is asked for when somebody wants to read it, and not before. @param {Conversation} one @param {Around} around @param {string} uid */
const row = ({ sessionId, messages, lastAt }, around, uid) => {
  const { words, part, ask } = around;
  const name = partOf(sessionId);
  const { data, problem, isAsking } = part(name);
  const isOpen = Boolean(data || problem || isAsking);
  return h(
    "li",
    { class: "entry" },
    h("p", null, h("strong", null, sessionId)),
    h("p", { class: "muted" }, words.say("admin_messages", { count: messages }), " · ", moment(lastAt)),
    !isOpen && h("div", { class: "buttons" }, h("button", { type: "button", "aria-label": words.say("admin_readIt", { session: sessionId }), onclick: () => ask(name, { name: "listMessagesForUser", input: { uid, sessionId, pageSize: MESSAGES_A_PAGE }, list: "messages" }) }, words.say("admin_read"))),
    isOpen && partView(around, name, ({ messages: said }) => [h("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": sessionId }, h("ol", { class: "messages", role: "list" }, said.map((/** @type {Message} */ message) => messageView(message, words)))), moreOf(around, name)]),
  );
};

/** @param {Around} around @param {string} uid @returns {Node[]} */
export const conversationsView = (around, uid) =>
  partView(around, "conversations", ({ conversations }) => [
    conversations.length ? h("ol", { class: "entries" }, conversations.map((/** @type {Conversation} */ one) => row(one, around, uid))) : h("p", { class: "muted" }, around.words.say("admin_noConversations")),
    moreOf(around, "conversations"),
  ]);
