// The settings of a user: zone, rest days, automatic freezes, pauses. Pure: must not know the DOM, nor how anything is saved.

/** @import { Client, Pause, Settings } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
import { h } from "../components/src/nodes.js";
import { readable } from "../components/src/words.js";

const WEEKDAYS = /** @type {const} */ (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);

/** @typedef {(change: (client: Client) => Promise<unknown>) => void} Act */

/** The zones that this browser knows, and the user's own whatever it is. @param {string} own */
const zones = (own) => [...new Set([own, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();

/** @param {Settings} settings @param {Act} act */
const zone = ({ timeZone }, act) => {
  const changed = (/** @type {Event} */ { target }) => {
    const { value } = /** @type {HTMLSelectElement} */ (target);
    act((client) => client.changeSettings({ timeZone: value }));
  };
  return h("label", { class: "field" }, "Time zone", h("select", { onchange: changed }, zones(timeZone).map((one) => h("option", { value: one, selected: one === timeZone }, one))));
};

/** @param {Settings} settings @param {Act} act */
const restDays = ({ restWeekdays }, act) => {
  // As they stand there: another one may have been ticked that is not saved yet.
  const changed = (/** @type {Event} */ { target }) => {
    const boxes = /** @type {HTMLInputElement} */ (target).closest("fieldset")?.querySelectorAll("input") ?? [];
    const chosen = [...boxes].filter(({ checked }) => checked).map(({ value }) => value);
    act((client) => client.changeSettings({ restWeekdays: WEEKDAYS.filter((name) => chosen.includes(name)) }));
  };
  const day = (/** @type {typeof WEEKDAYS[number]} */ name) =>
    h("label", { class: "chip" }, h("input", { type: "checkbox", value: name, checked: restWeekdays.includes(name), onchange: changed }), readable(name).slice(0, 3));
  return h("fieldset", { class: "chips" }, h("legend", null, "Rest days"), WEEKDAYS.map(day));
};

/** @param {Settings} settings @param {Act} act */
const freezes = ({ autoFreeze }, act) => {
  // As it stands there, which a second click may have changed before the first is saved.
  const changed = (/** @type {Event} */ { target }) => {
    const { checked } = /** @type {HTMLInputElement} */ (target);
    act((client) => client.changeSettings({ autoFreeze: checked }));
  };
  return h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: autoFreeze, onchange: changed }), "Spend a freeze by itself when a day is missed");
};

/** @param {Pause[]} pauses @param {string} today @param {Act} act */
const pauseList = (pauses, today, act) => {
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    act((client) => client.addPause({ from: String(given.get("from")), until: String(given.get("until")) }));
  };
  const row = (/** @type {Pause} */ { pauseId, from, until }) =>
    h("li", null, h("span", null, `${from} to ${until}`), h("button", { type: "button", "aria-label": `End the pause from ${from} to ${until}`, onclick: () => act((client) => client.endPause({ pauseId })) }, "End it"));
  return h(
    "form",
    { onsubmit: submitted, class: "pauses" },
    h("h3", null, "Pauses"),
    pauses.length > 0 && h("ul", null, pauses.map(row)),
    h("div", { class: "fields" }, ...["from", "until"].map((name) => h("label", { class: "field" }, readable(name), h("input", { type: "date", name, required: true, min: today })))),
    h("button", null, "Pause the streak"),
  );
};

/** @param {{ settings: Settings, pauses: Pause[], today: string, said: string, act: Act }} state @returns {Node[]} */
export const settingsView = ({ settings, pauses, today, said, act }) => [
  zone(settings, act),
  restDays(settings, act),
  freezes(settings, act),
  pauseList(pauses, today, act),
  h("p", { role: "status", class: "said" }, said),
];
