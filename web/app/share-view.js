// The pictures that a user shares: made, shown, revoked. Pure: must not know the DOM, nor how anything is kept.

/** @import { Client, Share } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

/** @typedef {{ shares: Share[], said: string, language: "en" | "de", words: Words, act: (change: (client: Client) => Promise<unknown>, done?: string) => void }} State */

/** @param {Share} share @param {State} state */
const row = ({ shareId, url, currentStreak, expiresAt }, { words, act }) => {
  const day = words.day(expiresAt.slice(0, 10));
  return h(
    "li",
    null,
    // At this very site, which is all that the page may load from.
    h("img", { src: `/share/${shareId}.png`, alt: words.say("page_picture", { count: currentStreak }), width: 1200, height: 630, loading: "lazy" }),
    h("p", null, h("a", { href: url, target: "_blank", rel: "noopener" }, url)),
    h("p", { class: "muted" }, words.say("page_shown", { day })),
    h("button", { type: "button", "aria-label": words.say("page_revokeIt", { day }), onclick: () => act((client) => client.revokeShare({ shareId }), words.say("page_revoked")) }, words.say("page_revoke")),
  );
};

/** @param {State} state @returns {Node[]} */
export const shareView = (state) => {
  const { shares, said, language, words, act } = state;
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("name") ?? "").trim();
    act((client) => client.makeShare({ ...(name && { name }), language }));
  };
  return [
    h(
      "form",
      { onsubmit: submitted },
      h("label", { class: "field" }, words.say("page_name"), h("input", { name: "name", maxlength: 80, autocomplete: "off" })),
      h("button", { class: "primary" }, words.say("page_make")),
      h("p", { role: "status", class: "said" }, said),
    ),
    ...(shares.length ? [h("ul", { class: "shares" }, shares.map((one) => row(one, state)))] : []),
  ];
};
