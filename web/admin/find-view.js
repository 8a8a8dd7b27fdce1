// Where one begins: a user is found by id or e-mail. Pure: must not know the DOM, nor who is found.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { card, facts, moment, partView, plain } from "./part-view.js";
import { addressOf } from "./route.js";

/** @param {any} account @param {Around["words"]} words */
export const accountFacts = ({ email, emailVerified, disabled, createdAt, lastSignInAt }, words) =>
  facts([
    [words.say("admin_email"), plain(email, words)],
    [words.say("admin_verified"), plain(emailVerified, words)],
    [words.say("admin_disabled"), plain(disabled, words)],
    [words.say("admin_created"), moment(createdAt)],
    [words.say("admin_lastSignIn"), moment(lastSignInAt)],
  ]);

/** @param {Around} around @returns {Node[]} */
export const findView = (around) => {
  const { words, find, suggested, isFinding } = around;
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const text = String(new FormData(form).get("who")).trim();
    const isId = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value === "id" || !text.includes("@");
    find(text, isId);
  };
  return [
    h("h1", { tabindex: -1 }, words.say("admin_find")),
    card(words.say("admin_who"), [
      h(
        "form",
        { onsubmit: submitted },
        h("label", { class: "field" }, words.say("admin_whoField"), h("input", { name: "who", required: true, maxlength: 320, autocomplete: "off", autocapitalize: "none", spellcheck: "false" })),
        h("div", { class: "buttons" }, h("button", { class: "primary", value: "any" }, words.say("admin_findIt")), h("button", { value: "id" }, words.say("admin_openId"))),
        h("p", { class: "muted" }, words.say("admin_findHint")),
      ),
      suggested.length > 0 && h("p", null, words.say("admin_demo"), " ", suggested.flatMap((uid) => [h("a", { href: addressOf("user", uid) }, uid), " "])),
      isFinding && h(
        "div",
        { "aria-live": "polite" },
        partView(around, "found", ({ users }) => [
          users.length
            ? h("ul", { class: "people" }, users.map((/** @type {any} */ one) => h("li", null, h("a", { class: "person", href: addressOf("user", one.userId) }, h("strong", null, one.email ?? one.userId), h("span", { class: "muted" }, one.userId)), accountFacts(one, words))))
            : h("p", null, words.say("admin_nobody")),
        ]),
      ),
    ]),
  ];
};
