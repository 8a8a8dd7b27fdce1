// How far somebody has come, as a bar and in numbers. Pure: must not know what for.

/** @import { Words } from "./words.js" */
import { h } from "./nodes.js";

/** @param {number} done @param {number} total @param {string} name what it is of, for who hears it @param {Words} words */
export const bar = (done, total, name, words) =>
  h(
    "p",
    { class: "progress" },
    h("progress", { max: total, value: Math.min(done, total), "aria-label": name }),
    words.say("goalOf", { done, total }),
  );
