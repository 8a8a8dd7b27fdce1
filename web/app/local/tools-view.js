// The time slider, and every request that was made, as code. Pure: must not know the DOM, nor a clock.

/** @import { Node } from "../../components/src/nodes.js" */
/** @import { Request } from "./time.js" */
import { h } from "../../components/src/nodes.js";
import { asCurl, asFetch, asPython } from "./as-code.js";

export const HABITS = { always: "every day", mostly: "most days", never: "no day" };
/** @typedef {keyof typeof HABITS} Habit */

const WAYS = { curl: asCurl, fetch: asFetch, Python: asPython };

/** @param {Request} request @param {string | null} copied @param {(name: string, text: string) => void} copy */
const row = (request, copied, copy) => {
  const { method, url, status, milliseconds } = request;
  const { pathname, search } = new URL(url);
  const what = `${method} ${pathname}${search}`;
  const buttons = Object.entries(WAYS).map(([name, asText]) => h("button", { type: "button", "aria-label": `Copy ${what} as ${name}`, onclick: () => copy(`${what} as ${name}`, asText(request)) }, name));
  return h(
    "li",
    null,
    h("code", null, what),
    h("span", { class: status !== null && status >= 400 ? "status bad" : "status" }, status === null ? "…" : `${status}, ${milliseconds} ms`),
    h("span", { class: "copies" }, "copy as", buttons),
  );
};

/**
 * @typedef {{
 *   days: number, most: number, moment: string, habit: Habit, isPlaying: boolean, isOpen: boolean, requests: Request[], copied: string | null,
 *   slide: (days: number) => void, choose: (habit: Habit) => void, play: () => void, toggle: () => void, copy: (name: string, text: string) => void,
 * }} Tools
 */

/** @param {Tools} state @returns {Node[]} */
export const toolsView = ({ days, most, moment, habit, isPlaying, isOpen, requests, copied, slide, choose, play, toggle, copy }) => {
  const valueOf = (/** @type {Event} */ { target }) => /** @type {HTMLInputElement} */ (target).value;
  const ahead = days < 0.01 ? "now" : `${Math.round(days * 10) / 10} days ahead`;
  return [
    h(
      "div",
      { class: "time" },
      h("button", { type: "button", class: "primary", onclick: play }, isPlaying ? "Stop" : "Live a month"),
      h("select", { "aria-label": "Active on", onchange: (/** @type {Event} */ event) => choose(/** @type {Habit} */ (valueOf(event))) }, Object.entries(HABITS).map(([name, text]) => h("option", { value: name, selected: name === habit }, text))),
      h("input", { type: "range", min: 0, max: most, step: 0.25, value: days, "aria-label": "Days ahead of now", "aria-valuetext": `${moment}, ${ahead}`, oninput: (/** @type {Event} */ event) => slide(Number(valueOf(event))) }),
      h("output", null, h("strong", null, moment), h("span", { class: "muted" }, ahead)),
      h("button", { type: "button", "aria-expanded": String(isOpen), onclick: toggle }, "Requests"),
    ),
    h(
      "div",
      { class: "requests", hidden: !isOpen },
      h("p", { role: "status", class: "muted" }, copied ? `Copied: ${copied}` : "Each request that this page made, the latest first."),
      h("ol", null, requests.map((request) => row(request, copied, copy))),
    ),
  ];
};
