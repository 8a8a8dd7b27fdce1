// The page on a local server: one of three people is chosen in place of signing in. Must not know what is shown to whom.

/** @import { Operator } from "../admin.js" */
import { unsignedToken } from "../../app/local/token.js";
import { h } from "../../components/src/nodes.js";
import { patch } from "../../components/src/patch.js";
import { words } from "../language.js";

/** By what an address says, `?as=admin`. @type {Record<string, { uid: string, claims: Record<string, true> }>} */
const PEOPLE = { admin: { uid: "olga", claims: { admin: true } }, support: { uid: "sam", claims: { support: true } }, user: { uid: "ada", claims: {} } };
const DEMO = ["ada", "ben", "chen"];

/** The address with another one chosen. @param {string | null} as */
const addressAs = (as) => {
  const query = new URLSearchParams(location.search);
  if (as) query.set("as", as);
  else query.delete("as");
  return `?${query}${location.hash}`;
};

/** @param {{ place: HTMLElement, signedIn: (user: Operator) => void }} page */
export const start = ({ place, signedIn }) => {
  const chosen = PEOPLE[new URLSearchParams(location.search).get("as") ?? ""];
  if (chosen) {
    const { uid, claims } = chosen;
    signedIn({ name: uid, options: { userId: uid, getToken: () => unsignedToken(uid, Date.now(), claims) }, suggested: DEMO, leave: () => void (location.search = addressAs(null).split("#")[0]) });
    return;
  }
  const people = Object.entries(PEOPLE).map(([as, { uid }]) => h("li", null, h("a", { class: "person", href: addressAs(as) }, h("strong", null, uid), h("span", { class: "muted" }, words.say(`admin_as_${as}`)))));
  patch(place, [h("section", { class: "card welcome" }, h("h1", null, words.say("admin_as")), h("p", { class: "muted" }, words.say("admin_local")), h("ul", { class: "people" }, people))]);
};
