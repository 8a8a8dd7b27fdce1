// How a part of a screen is shown: on its way, refused, or as it is. Pure: must not know the DOM, nor what a part is about.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { refusalView } from "./refusal.js";

/** The text of an instant that reads the same in every country. @param {string} instant */
export const momentText = (instant) => `${instant.slice(0, 16).replace("T", " ")} UTC`;

/** @param {string | null | undefined} instant @returns {Node} */
export const moment = (instant) => (instant ? h("time", { datetime: instant }, momentText(instant)) : "–");

/** @param {string} date @returns {Node} */
export const day = (date) => h("time", { datetime: date }, date);

/** What nobody knows is a dash. @param {unknown} value @param {Around["words"]} words */
export const plain = (value, words) => {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return words.say(value ? "admin_yes" : "admin_no");
  if (typeof value === "number") return words.number(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** Names and what they are; what is undefined is no row. @param {[string, Node | Node[] | undefined][]} rows */
export const facts = (rows) => h("dl", { class: "facts" }, rows.flatMap(([name, value]) => (value === undefined ? [] : [h("div", null, h("dt", null, name), h("dd", null, value))])));

/** A card with a heading. @param {string} title @param {(Node | false | null)[]} nodes @param {boolean} [isWide] */
export const card = (title, nodes, isWide = false) => h("section", { class: isWide ? "card wide" : "card" }, h("h2", null, title), nodes.filter((one) => one !== false && one !== null));

/** @param {Around} around @param {string} name @param {(data: any) => (Node | false | null)[]} view @returns {Node[]} */
export const partView = ({ part, again, words }, name, view) => {
  const { data, problem, isAsking } = part(name);
  const nodes = data ? view(data).filter((one) => one !== false && one !== null) : [];
  return [
    h(
      "div",
      { class: "part", "aria-busy": isAsking && "true" },
      nodes,
      !data && !problem && h("p", { class: "muted" }, words.say("admin_asking")),
      problem && refusalView(problem, words),
      problem && h("button", { type: "button", onclick: () => again(name) }, words.say("again")),
    ),
  ];
};

/**
 * What is personal is asked for when somebody wants to see it, and not before: who looked is in the user's trail.
 *
 * @param {Around} around @param {string} name @param {import("./parts.js").Question} question @param {string} title @param {() => Node[]} view
 * @returns {Node[]}
 */
export const closedView = ({ part, ask, words }, name, question, title, view) => {
  const { data, problem, isAsking } = part(name);
  if (data || problem || isAsking) return view();
  return [h("button", { type: "button", "aria-label": words.say("admin_showIt", { what: title }), onclick: () => ask(name, question) }, words.say("admin_show"))];
};

/** The button for the page that follows. @param {Around} around @param {string} name */
export const moreOf = ({ part, more, words }, name) =>
  Boolean(part(name).data?.nextPageToken) && h("button", { type: "button", onclick: () => more(name) }, words.say("more"));
