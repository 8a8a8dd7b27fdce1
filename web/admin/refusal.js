// What an operator can do about a refusal. Pure: must not know the DOM, nor what was refused.

/** @import { Problem } from "../client/src/index.js" */
/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

const NO_ANSWER = ["network_error", "unreadable_answer"];
const TOO_MANY = 429;
const BROKEN = 500;

/** Whether it may have happened, or may yet under the same key. @param {Problem} problem */
export const isUncertain = ({ code, status }) => NO_ANSWER.includes(code) || status === TOO_MANY || status >= BROKEN;

/** By code where that alone says it. @type {Record<string, string>} */
const BY_CODE = {
  freezes_full: "overCap",
  identity_unavailable: "identity",
  policy_has_begun: "begun",
  reason_required: "reason",
  too_soon: "tooSoon",
  user_erased: "erased",
};
/** @type {Record<number, string>} */
const BY_STATUS = { 401: "signIn", 403: "role", 404: "gone", 409: "look", 422: "fields" };

/** The name of the text that says what to do. @param {Problem} problem */
export const adviceOf = (problem) => {
  const { code, status } = problem;
  if (NO_ANSWER.includes(code)) return "noAnswer";
  return BY_CODE[code] ?? BY_STATUS[status] ?? (isUncertain(problem) ? "later" : "look");
};

/** What the service said, field by field where it did, and what to do. @param {Problem} problem @param {Words} words @returns {Node} */
export const refusalView = (problem, words) => {
  const { detail, errors = [], code, requestId, retryAfterSeconds = 1 } = problem;
  return h(
    "div",
    { class: "refusal" },
    // The service says it in English, and a screen reader is to read it so.
    h("p", { lang: "en", dir: "ltr" }, detail),
    errors.length > 0 && h("ul", { lang: "en", dir: "ltr" }, errors.map(({ field, message }) => h("li", null, h("code", null, field), ` ${message}`))),
    h("p", null, words.say(`admin_advice_${adviceOf(problem)}`, { count: retryAfterSeconds })),
    h("p", { class: "muted small" }, requestId ? words.say("admin_codeOf", { code, request: requestId }) : code),
  );
};
