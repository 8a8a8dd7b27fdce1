// From the fields of an activity's form to the activity. Pure: must not know the DOM, nor any type of activity.

/** @import { ActivityBody, Policy, TakenField } from "../client/src/index.js" */

/** @param {Policy | null} policy @param {string | null} name */
export const typeOf = (policy, name) => policy?.activityTypes.find(({ activityType }) => activityType === name) ?? policy?.activityTypes[0];

/** What a field has before anybody fills it in: inside its bounds, and worth something. @param {TakenField} field */
export const usual = ({ kind, minimum = 0, maximum = Infinity, choices = [] }) =>
  kind === "choice" ? (choices[0] ?? "") : Math.round(minimum + Math.min(maximum - minimum, 100) * 0.8);

/** @param {{ get: (name: string) => unknown }} form @param {Policy | null} policy @returns {ActivityBody} */
export const inputOf = (form, policy) => {
  const type = typeOf(policy, /** @type {string} */ (form.get("activityType")));
  const metadata = Object.fromEntries((type?.fields ?? []).map(({ name, kind }) => [name, kind === "choice" ? form.get(name) : Number(form.get(name))]));
  return /** @type {ActivityBody} */ ({ activityType: type?.activityType, metadata });
};
