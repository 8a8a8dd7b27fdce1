// What is kept of a user's records beside the streak: quotas, ideas and what was done with features. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Idea, Quotas, UsedAtOnce, UsedQuota } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { facts, moment, momentText, moreOf, partView, plain } from "./part-view.js";
import { tableView } from "./table-view.js";
import { fieldName } from "./trail-view.js";

const IDEAS_A_PAGE = 10;
const USAGES_A_PAGE = 10;
/** What stands in the line of an idea, and not among its other fields. */
const OF_THE_LINE = ["ideaId", "title", "category", "at", "selected", "rating", "refinementCount"];

/** @param {string} uid @returns {Record<string, Question>} */
export const recordQuestions = (uid) => ({
  quotas: { name: "getQuotasForUser", input: { uid } },
  ideas: { name: "listIdeasForUser", input: { uid, pageSize: IDEAS_A_PAGE }, list: "ideas" },
  usage: { name: "listUsageForUser", input: { uid, pageSize: USAGES_A_PAGE }, list: "usage" },
});

/** @param {number} used @param {number | null} most @param {Around["words"]} words @returns {Node} */
const ofMost = (used, most, words) => {
  const text = most === null ? words.number(used) : words.say("admin_ofMost", { used, most });
  return most !== null && used >= most ? h("strong", { class: "bad" }, text, " ", words.say("admin_usedUp")) : text;
};

/** @param {Around} around @returns {Node[]} */
export const quotasView = (around) =>
  partView(around, "quotas", (/** @type {Quotas} */ { quotas, ideas }) => {
    const { words } = around;
    const columns = ["kind", "used", "bytes", "usedUntil"].map((name) => ({ name, title: words.say(`admin_column_${name}`) }));
    const rows = quotas.map((/** @type {UsedQuota} */ { kind, count, countMax, bytes, bytesMax, endsAt }) => [words.name("admin_kind", kind), ofMost(count, countMax, words), ofMost(bytes, bytesMax, words), moment(endsAt)]);
    return [
      tableView({ title: words.say("admin_quotas"), columns, rows, none: words.say("admin_noQuotas") }),
      h("p", { class: "muted" }, words.say("admin_ideasHeld"), " ", ofMost(ideas.count, ideas.countMax, words)),
    ];
  });

/** @param {Idea} idea @param {Around["words"]} words */
const ideaView = (idea, words) => {
  const { ideaId, title, category, at, selected, rating, refinementCount } = idea;
  const marks = [selected && words.say("admin_selected"), rating && words.name("admin_rating", rating), refinementCount > 0 && words.say("admin_refined", { count: refinementCount })].filter(Boolean);
  const others = Object.entries(idea).filter(([name, value]) => !OF_THE_LINE.includes(name) && value !== null);
  /** @type {[string, Node][]} */
  const rows = others.map(([name, value]) => [fieldName(name), Array.isArray(value) ? words.list(value) : name === "updatedAt" ? momentText(String(value)) : plain(value, words)]);
  return h(
    "li",
    { class: "entry" },
    h("p", null, h("strong", null, title)),
    h("p", { class: "muted" }, moment(at), ` · ${[category, ...marks].join(" · ")}`),
    h("details", null, h("summary", { "aria-label": words.say("admin_detailsOf", { name: title }) }, words.say("admin_details")), facts([["Id", ideaId], ...rows])),
  );
};

/** @param {Around} around @returns {Node[]} */
export const ideasView = (around) =>
  partView(around, "ideas", (/** @type {{ ideas: Idea[] }} */ { ideas }) => [
    ideas.length ? h("ol", { class: "entries" }, ideas.map((one) => ideaView(one, around.words))) : h("p", { class: "muted" }, around.words.say("admin_noIdeas")),
    moreOf(around, "ideas"),
  ]);

/** Of each feature that was used at once: how often, and for how long where that was said. @param {UsedAtOnce} sent */
export const usesOf = ({ at, events }) =>
  [...new Set(events.map(({ feature }) => feature))].map((feature) => {
    const own = events.filter((one) => one.feature === feature);
    const told = own.flatMap(({ durationSeconds }) => (durationSeconds === null ? [] : [durationSeconds]));
    return { at, feature, times: own.length, seconds: told.length ? told.reduce((sum, one) => sum + one, 0) : null };
  });

/** @param {Around} around @returns {Node[]} */
export const usageView = (around) =>
  partView(around, "usage", (/** @type {{ usage: UsedAtOnce[] }} */ { usage }) => {
    const { words } = around;
    const columns = ["recorded", "feature", "times", "seconds"].map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: ["times", "seconds"].includes(name) }));
    const rows = usage.flatMap(usesOf).map(({ at, feature, times, seconds }) => [moment(at), feature, words.number(times), plain(seconds, words)]);
    return [tableView({ title: words.say("admin_usage"), columns, rows, none: words.say("admin_noUsage") }), moreOf(around, "usage")];
  });
