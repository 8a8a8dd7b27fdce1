// The policies in time: listed, shown, compared with the one in force, published, withdrawn. Pure: must not know the DOM, nor what a policy means.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { ListedPolicy } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { ACTS } from "./acts.js";
import { differenceOf, shortened } from "./difference.js";
import { actButtons, formView } from "./form-view.js";
import { card, day, facts, moment, partView } from "./part-view.js";
import { addressOf } from "./route.js";
import { tableView } from "./table-view.js";

const LINES_AROUND = 3;
const MARKS = { same: " ", gone: "-", new: "+" };

/** @param {ListedPolicy[]} policies */
const inForce = (policies) => policies.find(({ state }) => state === "in_force");

/** Of one, and of the one in force that it is compared with. @param {string | null} number @returns {Record<string, Question>} */
export const policyQuestions = (number) => ({
  ...(number !== null && { policy: { name: "showPolicy", input: { number } } }),
  policies: { name: "listPolicies", follow: ({ policies }) => ({ inForce: { name: "showPolicy", input: { number: inForce(policies)?.number ?? 0 } } }) },
});

/** @param {Around} around @returns {Node[]} */
export const policiesView = (around) => {
  const { words, part } = around;
  const columns = ["number", "state", "effectiveFrom", "published", "by", "reason"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: name === "number" }));
  const rowOf = (/** @type {ListedPolicy} */ { number, state, effectiveFrom, publishedAt, by, reason }) => [
    h("a", { href: addressOf("policy", String(number)), "aria-label": words.say("admin_policyOf", { number: String(number) }) }, String(number)),
    words.name("admin_policy", state),
    effectiveFrom ? day(effectiveFrom) : "–",
    moment(publishedAt),
    by || "–",
    reason || "–",
  ];
  return [
    h("h1", { tabindex: -1 }, words.say("admin_policies")),
    card(words.say("admin_inTime"), [
      actButtons(around, [ACTS.publish], {}),
      ...formView(around, [ACTS.publish], words.say("admin_everybodyAbout"), { toml: part("inForce").data?.toml ?? "" }),
      ...partView(around, "policies", ({ policies }) => [tableView({ title: words.say("admin_inTime"), columns, rows: [...policies].reverse().map(rowOf), none: "" })]),
      h("p", { class: "muted" }, words.say("admin_tryHint"), " ", h("code", null, "streakctl policy try FILE --from DATE")),
    ]),
  ];
};

/** @param {string} before @param {string} after @param {Around["words"]} words */
const differenceView = (before, after, words) => {
  if (before === after) return h("p", { class: "muted" }, words.say("admin_noDifference"));
  const lines = shortened(differenceOf(before, after), LINES_AROUND);
  const told = lines.map((line) => (line ? h("span", { class: `line ${line.kind}` }, `${MARKS[line.kind]} ${line.text}\n`) : h("span", { class: "line muted" }, "…\n")));
  return h("pre", { class: "scroll", role: "region", tabindex: 0, "aria-label": words.say("admin_difference") }, told);
};

/** @param {Around} around @param {string} number @returns {Node[]} */
export const policyView = (around, number) => {
  const { words, part } = around;
  const current = part("inForce").data;
  return [
    h("h1", { tabindex: -1 }, words.say("admin_policyOf", { number })),
    h("p", null, h("a", { href: addressOf("policies") }, words.say("admin_allPolicies"))),
    h(
      "div",
      { class: "cards" },
      ...partView(around, "policy", (one) => [
        card(words.say("admin_inTime"), [
          facts([
            [words.say("admin_column_state"), words.name("admin_policy", one.state)],
            [words.say("admin_column_effectiveFrom"), one.effectiveFrom ?? "–"],
            [words.say("admin_column_published"), moment(one.publishedAt)],
            [words.say("admin_withdrawn"), one.withdrawnAt ? moment(one.withdrawnAt) : undefined],
            [words.say("admin_column_by"), one.by || "–"],
            [words.say("admin_column_reason"), one.reason || "–"],
          ]),
          one.state === "to_come" && actButtons(around, [ACTS.withdrawPolicy], { number }, number),
          ...formView(around, [ACTS.withdrawPolicy], number),
        ]),
        current && current.number !== one.number && card(words.say("admin_differenceTo", { number: String(current.number) }), [differenceView(current.toml, one.toml, words)]),
        card(words.say("admin_text"), [h("pre", { class: "scroll", role: "region", tabindex: 0, "aria-label": words.say("admin_text") }, one.toml), h("p", { class: "muted" }, words.say("admin_tryHint"), " ", h("code", null, "streakctl policy try FILE --from DATE"))]),
      ]),
    ),
  ];
};
