// What `<streak-notice-preferences>` shows: for each kind of notice its channels, when, and in which language. Pure: must not know the DOM.

/** @import { Preferences } from "unbroken-client" */
/** @import { Channel } from "./choosing.js" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { boxOf, offeredTo, USUAL } from "./choosing.js";
import { loadedView } from "./loading-view.js";
import { h, heard } from "./nodes.js";

/**
 * @typedef {{ kind: "saved" } | { kind: "cut" } | { kind: "refused", why: string }} Ended
 * @typedef {{ offered: Channel[], languages: string[], busy: boolean, ended: Ended | null, save: (form: HTMLFormElement) => void }} Choosing
 */

/** The service's name of a kind. @param {string} name */
const wordOf = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @param {Preferences["channels"]} channels @param {Channel[]} shown @param {Words} words */
const table = (channels, shown, words) =>
  h(
    "table",
    { class: "kinds" },
    h("caption", null, heard(words.say("channels"))),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, words.say("kind")), shown.map((one) => h("th", { scope: "col", class: "choice" }, words.say(`channel_${one}`))))),
    h(
      "tbody",
      null,
      Object.entries(channels).map(([kind, own]) => {
        const name = words.name("kind", wordOf(kind));
        const box = (/** @type {Channel} */ channel) => {
          const label = words.say("kindBy", { kind: name, channel: words.say(`channel_${channel}`) });
          return h("td", { class: "choice" }, h("label", null, h("input", { type: "checkbox", name: boxOf(kind, channel), checked: own.includes(channel), "aria-label": label })));
        };
        return h("tr", null, h("th", { scope: "row" }, name), shown.map(box));
      }),
    ),
  );

/** @param {string} label @param {Node} input @param {string} [hint] what describes it, by its id and its text */
const field = (label, input, hint) => h("div", { class: "field" }, h("label", { for: /** @type {import("./nodes.js").Element} */ (input).attributes.id }, label), input, hint && h("p", { class: "muted hint", id: `${/** @type {import("./nodes.js").Element} */ (input).attributes.id}-hint` }, hint));

/** What a language calls itself; what is none keeps the name that it was given. @param {string} name */
const languageName = (name) => {
  try {
    return new Intl.DisplayNames([name], { type: "language" }).of(name) ?? name;
  } catch {
    return name;
  }
};

/** @param {Ended | null} ended @param {Words} words @returns {Node[]} */
const said = (ended, words) => {
  if (ended?.kind === "saved") return [words.say("saved")];
  if (ended?.kind === "cut") return [words.say("outcome_cut")];
  // The service says why in English, and a screen reader is to read it so.
  return ended ? [words.say("notSaved"), " ", h("span", { lang: "en", dir: "ltr" }, ended.why)] : [];
};

/** @param {Loaded<Preferences> & Choosing} state @returns {Node[]} */
export const preferencesView = (state) => {
  const { words, offered, languages, busy, ended, save } = state;
  return loadedView(state, words.say("preferences"), (preferences) => {
    const { channels, quietHours, remindAt, language } = preferences;
    const submitted = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      save(/** @type {HTMLFormElement} */ (event.target));
    };
    const time = (/** @type {string} */ name, /** @type {string} */ value, /** @type {boolean} */ required, /** @type {string} */ hint) => h("input", { type: "time", id: name, name, value, required, "aria-describedby": hint });
    return {
      asOf: null,
      nodes: [
        h(
          "form",
          { onsubmit: submitted },
          table(channels, offeredTo(preferences, offered), words),
          h("p", { class: "muted hint" }, words.say("channelsHint")),
          field(words.say("remindAt"), time("remindAt", remindAt === USUAL ? "" : remindAt, false, "remindAt-hint"), words.say("remindAtHint")),
          h(
            "div",
            null,
            h("div", { class: "times" }, field(words.say("quietFrom"), time("from", quietHours.from, true, "quiet-hint")), field(words.say("quietUntil"), time("until", quietHours.until, true, "quiet-hint"))),
            h("p", { class: "muted hint", id: "quiet-hint" }, words.say("quietHint")),
          ),
          field(
            words.say("language"),
            h("select", { id: "language", name: "language" }, [...new Set([...languages, language])].map((one) => h("option", { value: one, lang: one, selected: one === language }, languageName(one)))),
          ),
          // The button keeps the focus while it is carried out.
          h("div", { class: "actions" }, h("button", { "aria-disabled": busy && "true" }, words.say(busy ? "taking" : "save")), h("p", { role: "status" }, said(ended, words))),
        ),
      ],
    };
  });
};
