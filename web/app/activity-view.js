// The form by which an activity is recorded, made from the policy. Pure: must not know the DOM, nor any type of activity.

/** @import { Policy, TakenField } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";
import { typeOf, usual } from "./inputs.js";

/** @param {TakenField} field @param {Words} words */
const control = (field, words) => {
  const { name, kind, minimum, maximum, choices } = field;
  if (kind === "choice") return h("select", { name }, (choices ?? []).map((choice) => h("option", { value: choice }, words.name("choice", choice))));
  return h("input", { name, type: "number", required: true, min: minimum, max: maximum, step: kind === "number" ? "any" : 1, value: usual(field) });
};

// A bound that is there for machines alone is not told.
const TOLD_MAX = 1_000_000;

/** @param {TakenField} field @param {Words} words */
const label = ({ name: field, minimum, maximum = Infinity }, words) => {
  const name = words.name("field", field);
  return minimum === undefined || maximum > TOLD_MAX ? name : words.say("page_bounds", { name, minimum, maximum });
};

/**
 * @param {{ policy: Policy, chosen: string | null, said: string, words: Words, choose: (name: string) => void, send: (form: HTMLFormElement) => void }} state
 * @returns {Node[]}
 */
export const activityView = ({ policy, chosen, said, words, choose, send }) => {
  const type = typeOf(policy, chosen);
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    send(/** @type {HTMLFormElement} */ (event.target));
  };
  const kinds = policy.activityTypes.map(({ activityType }) =>
    h("label", { class: "chip" }, h("input", { type: "radio", name: "activityType", value: activityType, checked: activityType === type?.activityType, onchange: () => choose(activityType) }), words.name("type", activityType)),
  );
  return [
    h(
      "form",
      { onsubmit: submitted },
      h("fieldset", { class: "chips" }, h("legend", { class: "heard" }, words.say("page_what")), kinds),
      // Another type has fields of its own, and none keeps what was typed into another's.
      h("div", { class: "fields" }, (type?.fields ?? []).map((field) => h("label", { class: "field" }, label(field, words), control(field, words)))),
      h("button", { class: "primary" }, words.say("page_recordIt")),
      h("p", { role: "status", class: "said" }, said),
    ),
  ];
};
