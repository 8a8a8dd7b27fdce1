// Which screens there are: what each asks for, and how it is put. Pure: must not know the DOM, nor how anything is asked.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
/** @import { Act } from "./acts.js" */
/** @import { Part, Question } from "./parts.js" */
/** @import { Role } from "./role.js" */
/** @import { Route } from "./route.js" */
/** @import { State } from "./wish.js" */
import { AMNESTY_QUESTIONS, amnestiesView } from "./amnesties-view.js";
import { findView } from "./find-view.js";
import { OPERATIONS_QUESTIONS, operationsView } from "./operations-view.js";
import { policiesView, policyQuestions, policyView } from "./policies-view.js";
import { reportQuestions, reportsView, reportView } from "./reports-view.js";
import { userQuestions, userView } from "./user-view.js";

/**
 * @typedef {{ from: string, to: string }} Span
 *
 * What a view is given: what is known, and what a click does.
 *
 * @typedef {{
 *   role: Role, words: Words, wish: State, isFinding: boolean, suggested: readonly string[],
 *   part: (name: string) => Part, more: (name: string) => void, again: (name: string) => void, ask: (name: string, question: Question) => void, refresh: () => void,
 *   open: (act: Act, about: Record<string, string>) => void, close: () => void, submit: (given: Record<string, any>) => void,
 *   find: (text: string, isId: boolean) => void, span: Span | null, choose: (span: Span) => void, download: (report: { name: string } & Partial<Span>) => void,
 * }} Around
 * @typedef {{ title: string, roles: readonly Role[], questions: Record<string, Question>, view: (around: Around) => Node[] }} Screen
 */

const ALL = /** @type {const} */ (["admin", "support"]);
const ADMINS = /** @type {const} */ (["admin"]);

/** @param {Route} route @param {Span | null} [span] the days of a report that were chosen @returns {Screen} */
export const screenOf = ({ screen, about }, span = null) => {
  const id = about ?? "";
  switch (screen) {
    case "user":
      return { title: "admin_find", roles: ALL, questions: userQuestions(id), view: (around) => userView(around, id) };
    case "amnesties":
      return { title: "admin_amnesties", roles: ALL, questions: AMNESTY_QUESTIONS, view: amnestiesView };
    case "policies":
      return { title: "admin_policies", roles: ADMINS, questions: policyQuestions(null), view: policiesView };
    case "policy":
      return { title: "admin_policies", roles: ADMINS, questions: policyQuestions(id), view: (around) => policyView(around, id) };
    case "reports":
      return { title: "admin_reports", roles: ALL, questions: {}, view: reportsView };
    case "report":
      return { title: "admin_reports", roles: ALL, questions: reportQuestions(id, span), view: (around) => reportView(around, id) };
    case "operations":
      return { title: "admin_operations", roles: ALL, questions: OPERATIONS_QUESTIONS, view: operationsView };
    default:
      return { title: "admin_find", roles: ALL, questions: {}, view: findView };
  }
};
