// What is said of what an element shows: that it is on its way, that it may be old, that it could not be had. Pure: must not know the DOM.

/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { h } from "./nodes.js";

/**
 * What every such element is drawn by: `today` is the day as far as the client can tell, and `again` asks once more.
 *
 * @template Data
 * @typedef {{ data: Data | null, failed: boolean, today: string | null, words: Words, again: () => void }} Loaded
 */

/**
 * @template Data
 * @param {Loaded<Data>} state
 * @param {string} name the element's name, for who hears it
 * @param {(data: Data) => { nodes: Node[], asOf: string | null }} view `asOf` is null for what is the same on every day
 * @returns {Node[]}
 */
export const loadedView = ({ data, failed, today, words, again }, name, view) => {
  const around = { "aria-label": name, "aria-busy": !data && !failed && "true" };
  if (!data) {
    const refusal = failed && [h("p", { role: "status" }, words.say("failed")), h("button", { type: "button", onclick: again }, words.say("again"))];
    return [h("div", { role: "group", ...around }, refusal)];
  }
  const { nodes, asOf } = view(data);
  const isOld = failed || (asOf !== null && asOf !== today);
  const note = asOf === null ? words.say("failed") : words.say("stale", { day: words.day(asOf) });
  return [h("div", { role: "group", ...around }, nodes, isOld && h("p", { class: "muted note" }, note))];
};
