// The form of an act: its fields, why, and what became of it. Pure: must not know the DOM, nor how anything is sent.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Act, Field } from "./acts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { inputOf } from "./acts.js";
import { refusalView } from "./refusal.js";

const REASON_MAX = 500;
const TYPES = /** @type {const} */ ({ whole: "number", day: "date", moment: "datetime-local" });

/** @param {Field} field @param {Record<string, string>} filled @param {Around["words"]} words */
const control = ({ name, kind, isOptional, minimum, maximum }, filled, words) => {
  const text = words.say(isOptional ? "admin_optional" : "admin_plain", { name: words.say(`admin_field_${name}`) });
  if (kind === "tick") return h("label", { class: "switch" }, h("input", { type: "checkbox", name }), text);
  if (kind === "file") return h("label", { class: "field" }, text, h("textarea", { name, required: true, rows: 14, spellcheck: "false" }, filled[name] ?? ""));
  const unit = kind === "moment" ? " (UTC)" : minimum === undefined ? "" : words.say("admin_bounds", { minimum, maximum: maximum ?? "" });
  return h("label", { class: "field" }, text + unit, h("input", { name, type: TYPES[kind], required: !isOptional, min: minimum, max: maximum, step: kind === "whole" && 1 }));
};

/** @param {Act} act @param {Around} around @param {string} about whom or what it is done to, in words */
export const actTitle = ({ name }, { words }, about) => words.say(`admin_do_${name}`, { about });

/** What is open, if it is one of these acts; else what became of the last one. @param {Around} around @param {readonly Act[]} acts @param {string} about @param {Record<string, string>} [filled] @returns {Node[]} */
export const formView = (around, acts, about, filled = {}) => {
  const { words, wish, submit, close } = around;
  const { open, isBusy, refusal, done } = wish;
  const said = h("p", { role: "status", class: "said" }, done && acts.includes(done) ? words.say("admin_done", { what: words.say(`admin_act_${done.name}`) }) : "");
  if (!open || !acts.includes(open.act)) return [said];
  const { act } = open;
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    submit(inputOf(act, new FormData(/** @type {HTMLFormElement} */ (event.target))));
  };
  return [
    said,
    h(
      "form",
      { class: "act", onsubmit: submitted, "aria-label": actTitle(act, around, about) },
      h("h3", null, actTitle(act, around, about)),
      h("p", { class: "muted" }, words.say(`admin_about_${act.name}`)),
      act.fields.map((field) => control(field, filled, words)),
      // Spaces are no reason. What users do themselves, too, has none in the trail.
      !act.isWithoutReason && h("label", { class: "field" }, words.say("admin_reason"), h("input", { name: "reason", required: true, maxlength: REASON_MAX, pattern: ".*\\S.*", title: words.say("admin_reasonHint"), autocomplete: "off" })),
      act.isForEverybody && h("label", { class: "switch" }, h("input", { type: "checkbox", required: true }), words.say("admin_everybody")),
      h(
        "div",
        { class: "buttons" },
        h("button", { class: "primary", "aria-disabled": isBusy && "true" }, words.say(isBusy ? "admin_sending" : `admin_act_${act.name}`)),
        h("button", { type: "button", onclick: close }, words.say("admin_close")),
      ),
      h("div", { role: "alert" }, refusal && refusalView(refusal, words)),
    ),
  ];
};

/** A button for each act. @param {Around} around @param {readonly Act[]} acts @param {Record<string, string>} about @param {string} [named] for those who hear several of the same */
export const actButtons = ({ words, open, wish }, acts, about, named) =>
  h(
    "div",
    { class: "buttons" },
    acts.map((act) => {
      const isOpen = wish.open?.act === act && JSON.stringify(wish.open.about) === JSON.stringify(about);
      return h("button", { type: "button", "aria-expanded": String(isOpen), "aria-label": named && words.say(`admin_do_${act.name}`, { about: named }), onclick: () => open(act, about) }, words.say(`admin_act_${act.name}`));
    }),
  );
