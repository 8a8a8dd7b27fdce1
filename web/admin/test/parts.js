// What tests of the page of operators share. Must not know what is tested.

import { wordsFor } from "../../components/src/words.js";
import "../texts.js";

export const words = wordsFor("en");

/** What a view is given where nothing is open and all these parts are known; what a click does is kept in `done`. */
export const around = (parts = {}, more = {}) => {
  const done = [];
  const note = (name) => (...given) => void done.push([name, ...given]);
  const part = (name) => ({ data: null, problem: null, isAsking: false, ...(name in parts && { data: parts[name] }) });
  const acts = Object.fromEntries(["more", "again", "ask", "refresh", "open", "close", "submit", "find", "choose", "download"].map((name) => [name, note(name)]));
  return { role: "admin", words, wish: { open: null, isBusy: false, refusal: null, done: null }, isFinding: false, span: null, suggested: [], part, done, ...acts, ...more };
};

/** All words that are to be seen. */
export const seen = (node) => (typeof node === "string" ? node : [node].flat().map((one) => (typeof one === "string" ? one : seen(one.children))).join(" ")).replaceAll(/ +/g, " ");

/** A token that says so of itself. */
export const token = (claims) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;
