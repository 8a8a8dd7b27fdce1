// Who is signed in, and the way out. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
import { h } from "../components/src/nodes.js";

/** @param {{ name: string, leave: () => void }} user @returns {Node[]} */
export const whoView = ({ name, leave }) => [h("span", null, name), h("button", { type: "button", onclick: leave }, "Sign out")];
