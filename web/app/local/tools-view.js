// The time slider, and every request that was made, as code. Pure: must not know the DOM, nor a clock.

/** @import { Node } from "../../components/src/nodes.js" */
/** @import { Words } from "../../components/src/words.js" */
/** @import { Request } from "./time.js" */
import { h } from "../../components/src/nodes.js";
import { asCurl, asFetch, asPython } from "./as-code.js";

const HABITS = /** @type {const} */ (["always", "mostly", "never"]);
/** @typedef {typeof HABITS[number]} Habit */

const WAYS = { curl: asCurl, fetch: asFetch, Python: asPython };

/** @param {Request} request @param {(name: string, text: string) => void} copy @param {Words} words */
const row = (request, copy, words) => {
  const { method, url, status, milliseconds } = request;
  const { pathname, search } = new URL(url);
  const what = `${method} ${pathname}${search}`;
  const buttons = Object.entries(WAYS).map(([name, asText]) => h("button", { type: "button", "aria-label": words.say("page_copyWhat", { what, name }), onclick: () => copy(words.say("page_asName", { what, name }), asText(request)) }, name));
  return h(
    "li",
    null,
    h("code", null, what),
    h("span", { class: status !== null && status >= 400 ? "status bad" : "status" }, status === null ? "…" : `${status}, ${milliseconds} ms`),
    h("span", { class: "copies" }, words.say("page_copyAs"), buttons),
  );
};

/**
 * @typedef {{
 *   days: number, most: number, moment: string, habit: Habit, isPlaying: boolean, isOpen: boolean, requests: Request[], copied: string | null, words: Words,
 *   slide: (days: number) => void, choose: (habit: Habit) => void, play: () => void, toggle: () => void, copy: (name: string, text: string) => void,
 * }} Tools
 */

/** @param {Tools} state @returns {Node[]} */
export const toolsView = ({ days, most, moment, habit, isPlaying, isOpen, requests, copied, words, slide, choose, play, toggle, copy }) => {
  const valueOf = (/** @type {Event} */ { target }) => /** @type {HTMLInputElement} */ (target).value;
  const ahead = days < 0.01 ? words.say("page_atNow") : words.say("page_ahead", { days: Math.round(days * 10) / 10 });
  return [
    h(
      "div",
      { class: "time" },
      h("button", { type: "button", class: "primary", onclick: play }, words.say(isPlaying ? "page_stop" : "page_live")),
      h("select", { "aria-label": words.say("page_activeOn"), onchange: (/** @type {Event} */ event) => choose(/** @type {Habit} */ (valueOf(event))) }, HABITS.map((name) => h("option", { value: name, selected: name === habit }, words.say(`page_${name}`)))),
      h("input", { type: "range", min: 0, max: most, step: 0.25, value: days, "aria-label": words.say("page_slider"), "aria-valuetext": `${moment}, ${ahead}`, oninput: (/** @type {Event} */ event) => slide(Number(valueOf(event))) }),
      h("output", null, h("strong", null, moment), h("span", { class: "muted" }, ahead)),
      h("button", { type: "button", "aria-expanded": String(isOpen), onclick: toggle }, words.say("page_requests")),
    ),
    h(
      "div",
      { class: "requests", hidden: !isOpen },
      h("p", { role: "status", class: "muted" }, copied ? words.say("page_copied", { what: copied }) : words.say("page_made")),
      h("ol", null, requests.map((request) => row(request, copy, words))),
    ),
  ];
};
