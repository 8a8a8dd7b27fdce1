// The settings of a user: zone, rest days, automatic freezes, pauses. Pure: must not know the DOM, nor how anything is saved.

/** @import { Client, Pause, Settings } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

const WEEKDAYS = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);

/** @typedef {(change: (client: Client) => Promise<unknown>) => void} Act */

/** The zones that this browser knows, and the user's own whatever it is. @param {string} own */
const zones = (own) => [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();

/** @param {Settings} settings @param {Act} act @param {Words} words */
const zone = ({ timeZone }, act, words) => {
  const changed = (/** @type {Event} */ { target }) => {
    const { value } = /** @type {HTMLSelectElement} */ (target);
    act((client) => client.changeSettings({ timeZone: value }));
  };
  return h("label", { class: "field" }, words.say("page_timeZone"), h("select", { onchange: changed }, zones(timeZone).map((one) => h("option", { value: one, selected: one === timeZone }, one))));
};

/** @param {Settings} settings @param {Act} act @param {Words} words */
const restDays = ({ restWeekdays }, act, words) => {
  // As they stand there: another one may have been ticked that is not saved yet.
  const changed = (/** @type {Event} */ { target }) => {
    const boxes = /** @type {HTMLInputElement} */ (target).closest("fieldset")?.querySelectorAll("input") ?? [];
    const chosen = [...boxes].filter(({ checked }) => checked).map(({ value }) => value);
    act((client) => client.changeSettings({ restWeekdays: WEEKDAYS.filter((name) => chosen.includes(name)) }));
  };
  const day = (/** @type {typeof WEEKDAYS[number]} */ name, /** @type {number} */ index) =>
    h("label", { class: "chip" }, h("input", { type: "checkbox", value: name, checked: restWeekdays.includes(name), onchange: changed }), words.weekday(index, "short"));
  return h("fieldset", { class: "chips" }, h("legend", null, words.say("page_restDays")), WEEKDAYS.map(day));
};

/** @param {Settings} settings @param {Act} act @param {Words} words */
const freezes = ({ autoFreeze }, act, words) => {
  // As it stands there, which a second click may have changed before the first is saved.
  const changed = (/** @type {Event} */ { target }) => {
    const { checked } = /** @type {HTMLInputElement} */ (target);
    act((client) => client.changeSettings({ autoFreeze: checked }));
  };
  return h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: autoFreeze, onchange: changed }), words.say("page_autoFreeze"));
};

/** @param {Pause[]} pauses @param {string} today @param {Act} act @param {Words} words */
const pauseList = (pauses, today, act, words) => {
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    act((client) => client.addPause({ from: String(given.get("from")), until: String(given.get("until")) }));
  };
  const row = (/** @type {Pause} */ { pauseId, from, until }) =>
    h("li", null, h("span", null, words.say("page_days", { from, until })), h("button", { type: "button", "aria-label": words.say("page_endPause", { from, until }), onclick: () => act((client) => client.endPause({ pauseId })) }, words.say("page_end")));
  return h(
    "form",
    { onsubmit: submitted, class: "pauses" },
    h("h3", null, words.say("page_pauses")),
    pauses.length > 0 && h("ul", null, pauses.map(row)),
    h("div", { class: "fields" }, ...["from", "until"].map((name) => h("label", { class: "field" }, words.say(`page_${name}`), h("input", { type: "date", name, required: true, min: today })))),
    h("button", null, words.say("page_pause")),
  );
};

/** @param {{ settings: Settings, pauses: Pause[], today: string, said: string, words: Words, act: Act }} state @returns {Node[]} */
export const settingsView = ({ settings, pauses, today, said, words, act }) => [
  zone(settings, act, words),
  restDays(settings, act, words),
  freezes(settings, act, words),
  pauseList(pauses, today, act, words),
  h("p", { role: "status", class: "said" }, said),
];
