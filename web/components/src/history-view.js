// What `<streak-history>` shows: what happened, and why a day counts as it does. Pure: must not know the DOM.

/** @import { Event, EventPage, ExplainedDay, Explanation } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { loadedView } from "./loading-view.js";
import { h } from "./nodes.js";
import { pictureOf } from "./pictures.js";

/** What a kind of event is drawn as. @param {string} type */
const drawnAs = (type) => {
  if (/broken|reset|_blocked$/.test(type)) return "missed";
  if (/restored|refunded|imported/.test(type)) return "repaired";
  if (/freeze/.test(type)) return "frozen";
  if (/excused/.test(type)) return "excused";
  return /bonus|milestone|xp|achievement|challenge/.test(type) ? "award" : "active";
};

/** What happened, in words. @param {Event} event @param {Words} words */
export const eventText = ({ type, details }, words) => {
  /** @type {Record<string, any>} */
  const { length, granted, amount, by, achievement, challenge } = details;
  const values = {
    length: length === undefined ? "" : words.say("length", { count: length }),
    freezes: granted === undefined ? "" : words.say("freezes", { count: granted }),
    amount: amount ?? "",
    achievement: achievement === undefined ? "" : words.name("achievement", achievement),
    challenge: challenge === undefined ? "" : words.name("challenge", challenge),
  };
  const text = words.say(`event_${type}`, values) || words.name("event", type);
  return by === "support" ? `${text} (${words.say("bySupport")})` : text;
};

/**
 * @typedef {{
 *   opened: string | null,
 *   why: { data: Explanation | null, failed: boolean },
 *   toggle: (event: Event) => void,
 *   more: () => void,
 * }} Opened
 */

/** @param {string} date @param {Opened["why"]} why @param {Words} words @returns {Node[]} */
const reason = (date, { data, failed }, words) => {
  if (!data) return [failed ? words.say("failed") : words.say("taking")];
  const day = data.days.find((/** @type {ExplainedDay} */ one) => one.date === date);
  if (!day) return [words.say("whyNot")];
  const verdict = words.say("cell", { day: words.day(date), verdict: words.name("verdict", day.verdict) });
  // The service says it in English, and a screen reader is to read it so.
  return [`${verdict} – `, h("span", { lang: "en", dir: "ltr" }, day.because)];
};

/** @param {Event} event @param {Opened & { words: Words }} state */
const row = (event, { opened, why, toggle, words }) => {
  const text = eventText(event, words);
  const isOpen = opened === event.eventId;
  return h(
    "li",
    { class: "event" },
    h("span", { class: `disc v v-${drawnAs(event.type)}`, "aria-hidden": "true" }, pictureOf(drawnAs(event.type))),
    h("span", { class: "what" }, text),
    h("span", { class: "when muted" }, words.day(event.date)),
    h("button", { type: "button", "aria-expanded": String(isOpen), "aria-label": words.say("whyOf", { event: text }), onclick: () => toggle(event) }, words.say("why")),
    h("p", { class: "why", role: "status", hidden: !isOpen }, isOpen ? reason(event.date, why, words) : ""),
  );
};

/** @param {Loaded<EventPage> & Opened} state @returns {Node[]} */
export const historyView = (state) => {
  const { words, more } = state;
  return loadedView(state, words.say("history"), ({ events, nextPageToken }) => ({
    asOf: null,
    nodes: [
      events.length
        ? h("ol", { role: "list" }, events.map((event) => row(event, state)))
        : h("p", { class: "muted" }, words.say("historyNone")),
      ...(nextPageToken ? [h("button", { type: "button", onclick: more }, words.say("more"))] : []),
    ],
  }));
};
