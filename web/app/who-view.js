// Who is signed in, and the way out. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

/** @param {{ name: string, leave: () => void }} user @param {Words} words @returns {Node[]} */
export const whoView = ({ name, leave }, words) => [h("span", null, name), h("button", { type: "button", onclick: leave }, words.say("page_signOut"))];
