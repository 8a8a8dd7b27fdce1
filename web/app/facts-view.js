// What there is to say of a streak in a sentence and a few figures. Pure: must not know the DOM.

/** @import { Shown } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
import { h } from "../components/src/nodes.js";

const SAID = {
  none: "One activity begins a streak.",
  extended: "Done for today. It goes on tomorrow.",
  protected: "Today needs no activity.",
  pending: "Today still needs an activity.",
};

/** @param {Shown | null} shown @returns {Node[]} */
export const factsView = (shown) => {
  const { document, freezesAvailable } = shown ?? {};
  if (!document) return [];
  const number = new Intl.NumberFormat("en");
  /** @type {[string, string | number | null | undefined][]} */
  const facts = [
    ["Longest", number.format(document.longestStreak)],
    ["XP", number.format(document.xpTotal)],
    ["Freezes", freezesAvailable],
    ["To the next milestone", document.daysUntilMilestone],
    ["Zone", document.timeZone],
  ];
  return [
    h("p", { class: "lead" }, shown?.status ? SAID[shown.status] : "Nobody knows without a network."),
    h("dl", null, facts.flatMap(([name, value]) => (value == null ? [] : [h("div", null, h("dt", null, name), h("dd", null, String(value)))]))),
  ];
};
