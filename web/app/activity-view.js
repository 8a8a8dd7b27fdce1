// The form by which an activity is recorded, made from the policy. Pure: must not know the DOM, nor any type of activity.

/** @import { Policy, TakenField } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
import { h } from "../components/src/nodes.js";
import { readable } from "../components/src/words.js";
import { typeOf, usual } from "./inputs.js";

/** @param {TakenField} field */
const control = (field) => {
  const { name, kind, minimum, maximum, choices } = field;
  if (kind === "choice") return h("select", { name }, (choices ?? []).map((choice) => h("option", { value: choice }, readable(choice))));
  return h("input", { name, type: "number", required: true, min: minimum, max: maximum, step: kind === "number" ? "any" : 1, value: usual(field) });
};

// A bound that is there for machines alone is not told.
const TOLD_MAX = 1_000_000;

/** @param {TakenField} field */
const bounds = ({ minimum, maximum = Infinity }) => (minimum === undefined ? "" : maximum > TOLD_MAX ? "" : `, ${minimum} to ${maximum}`);

/**
 * @param {{ policy: Policy, chosen: string | null, said: string, choose: (name: string) => void, send: (form: HTMLFormElement) => void }} state
 * @returns {Node[]}
 */
export const activityView = ({ policy, chosen, said, choose, send }) => {
  const type = typeOf(policy, chosen);
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(/** @type {HTMLFormElement} */ (event.target));
  };
  const kinds = policy.activityTypes.map(({ activityType }) =>
    h("label", { class: "chip" }, h("input", { type: "radio", name: "activityType", value: activityType, checked: activityType === type?.activityType, onchange: () => choose(activityType) }), readable(activityType)),
  );
  return [
    h(
      "form",
      { onsubmit: submitted },
      h("fieldset", { class: "chips" }, h("legend", { class: "heard" }, "What was done"), kinds),
      // Another type has fields of its own, and none keeps what was typed into another's.
      h("div", { class: "fields" }, (type?.fields ?? []).map((field) => h("label", { class: "field" }, `${readable(field.name)}${bounds(field)}`, control(field)))),
      h("button", { class: "primary" }, "Record it"),
      h("p", { role: "status", class: "said" }, said),
    ),
  ];
};
