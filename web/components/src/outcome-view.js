// What became of a tap, in words, and why it was refused where that is known. Pure: must not know what was tapped.

/** @import { Doing } from "./once.js" */
/** @import { Words } from "./words.js" */
import { h } from "./nodes.js";

/** @param {Doing} doing @param {Words} words */
export const outcomeView = ({ outcome, why, detail }, words) => {
  const known = outcome === "refused" && words.say(`refused_${why}`);
  const said = outcome ? known || words.say(`outcome_${outcome}`) : "";
  // The service says in English what is wrong with a field, and a screen reader is to read it so.
  return h("p", { class: "said", role: "status" }, said, detail && " ", detail && h("span", { lang: "en", dir: "ltr" }, detail));
};
