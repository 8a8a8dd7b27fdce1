// Reports: each is columns and rows, shown as a plot and a table whatever they are about. Pure: must not know the DOM, nor what a report counts.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Report, ReportName } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around, Span } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { card, day, moment, partView, plain } from "./part-view.js";
import { plotOf, plotView } from "./plot.js";
import { refusalView } from "./refusal.js";
import { addressOf } from "./route.js";
import { tableView } from "./table-view.js";

/** Each that there is, and whether it is of days that can be chosen. @type {Record<ReportName, boolean>} */
export const REPORTS = { "active-users": true, "failed-actions": true, conversations: true, "response-times": true, features: true, ideas: true, records: true, "recent-ideas": false, "blocked-users": false, survival: true, comebacks: true, freezes: true };

/** The part that a report as a file is. */
export const FILE = "file";

/** @param {string} name @returns {name is ReportName} */
const isOne = (name) => Object.hasOwn(REPORTS, name);

/** @param {string} name @param {Span | null} span what the service takes where nobody has chosen @returns {Record<string, Question>} */
export const reportQuestions = (name, span) => (isOne(name) ? { report: { name: "getReport", input: { name, ...(REPORTS[name] && span) } } } : {});

/** @param {Report} report @param {Around["words"]} words */
const columnsOf = ({ columns, rows }, words) =>
  columns.map((name, index) => {
    const known = rows.map((row) => row[index]).filter((cell) => cell !== null);
    return { name, title: words.name("admin_cell", name), isNumber: known.length > 0 && known.every((cell) => typeof cell === "number") };
  });

/** @param {string} name @param {Report["rows"][number][number]} cell @param {Around["words"]} words @returns {Node} */
const cellOf = (name, cell, words) => {
  if (name === "user_id" && cell !== null) return h("a", { href: addressOf("user", String(cell)) }, String(cell));
  // What people wrote may begin like a day; it is shown as they wrote it.
  if (typeof cell === "string" && /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/.test(cell)) return cell.includes("T") ? moment(cell) : day(cell);
  return plain(cell, words);
};

/** @param {Around} around @returns {Node[]} */
export const reportsView = ({ words }) => [
  h("h1", { tabindex: -1 }, words.say("admin_reports")),
  h("ul", { class: "people" }, Object.keys(REPORTS).map((name) => h("li", null, h("a", { class: "card person", href: addressOf("report", name) }, h("strong", null, words.name("admin_report", name)), h("span", { class: "muted" }, words.say(`admin_reportAbout_${name}`)))))),
];

/** @param {Around} around @param {Report} report */
const spanForm = ({ words, choose }, { from, to }) => {
  const submitted = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    choose({ from: String(given.get("from")), to: String(given.get("to")) });
  };
  const field = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ title) => h("label", { class: "field" }, title, h("input", { type: "date", name, required: true, value }));
  return h("form", { onsubmit: submitted, class: "span" }, field("from", from, words.say("admin_field_from")), field("to", to, words.say("admin_field_until")), h("button", null, words.say("admin_show")));
};

/** What is shown as a file, which the service makes anew. @param {Around} around @param {Report} report */
const fileButton = ({ words, part, download }, { name, from, to }) => {
  const { isAsking, problem } = part(FILE);
  const ask = () => isAsking || download({ name, ...(REPORTS[name] && { from, to }) });
  return [h("div", { class: "buttons" }, h("button", { type: "button", "aria-disabled": isAsking && "true", onclick: ask }, words.say(isAsking ? "admin_asking" : "admin_download"))), problem && refusalView(problem, words)];
};

/** @param {Around} around @param {string} name @returns {Node[]} */
export const reportView = (around, name) => {
  const { words } = around;
  const title = words.name("admin_report", name);
  const body = partView(around, "report", (/** @type {Report} */ report) => {
    const columns = columnsOf(report, words);
    const named = report.rows.map((row) => Object.fromEntries(report.columns.map((column, index) => [column, row[index]])));
    const plot = plotOf(columns, named);
    return [
      plot && plotView(plot, words),
      tableView({ title, columns, rows: report.rows.map((row) => row.map((cell, index) => cellOf(report.columns[index], cell, words))), none: words.say("admin_noRows") }),
      h(
        "p",
        { class: "muted small" },
        [words.say("admin_reads", { count: report.reads }), !report.isWhole && words.say("admin_notWhole"), report.uncheckedDays.length > 0 && words.say("admin_unchecked", { days: words.list(report.uncheckedDays) })].filter(Boolean).join(" "),
      ),
      ...fileButton(around, report),
    ];
  });
  const { data } = around.part("report");
  return [
    h("h1", { tabindex: -1 }, title),
    h("p", null, h("a", { href: addressOf("reports") }, words.say("admin_allReports"))),
    h("div", { class: "cards" }, card(words.say("admin_rows"), isOne(name) ? [h("p", { class: "muted" }, words.say(`admin_reportAbout_${name}`)), REPORTS[name] && (data || around.span) && spanForm(around, data ?? around.span), ...body] : [h("p", null, words.say("admin_noReport"))], true)),
  ];
};
