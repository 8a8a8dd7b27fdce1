// What there is to say of a streak in a sentence and a few figures. Pure: must not know the DOM.

/** @import { Shown } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

/** @param {Shown | null} shown @param {Words} words @returns {Node[]} */
export const factsView = (shown, words) => {
  const { document, freezesAvailable } = shown ?? {};
  if (!document) return [];
  /** @type {[string, string | number | null | undefined][]} */
  const facts = [
    ["longest", words.number(document.longestStreak)],
    ["xp", words.number(document.xpTotal)],
    ["freezes", freezesAvailable],
    ["toMilestone", document.daysUntilMilestone],
    ["zone", document.timeZone],
  ];
  return [
    h("p", { class: "lead" }, words.say(`page_${shown?.status ?? "unknown"}`)),
    h("dl", null, facts.flatMap(([name, value]) => (value == null ? [] : [h("div", null, h("dt", null, words.say(`page_${name}`)), h("dd", null, String(value)))]))),
  ];
};
