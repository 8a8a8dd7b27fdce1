// A button that is tapped once: it keeps the focus while it is carried out, and says of what it is. Pure: must not know what it does.

/** @import { Words } from "./words.js" */
import { h } from "./nodes.js";

/**
 * @param {{ busy: string | null, words: Words }} state `busy` is the id of what is carried out
 * @param {{ what: string, onclick: () => void, id?: string, name?: string, isMain?: boolean }} tap `what` is the name of its text
 */
export const tapView = ({ busy, words }, { what, onclick, id, name, isMain = false }) => {
  const label = words.say(id !== undefined && busy === id ? "taking" : what);
  const attributes = { type: "button", class: isMain && "main", "aria-disabled": busy && "true", onclick };
  return h("button", { ...attributes, "aria-label": name !== undefined && words.say("tapOf", { what: label, name }) }, label);
};
