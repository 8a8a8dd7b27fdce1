// Rows as a plot: lines where they go along something, else bars. Pure: must not know the DOM, nor what the rows are about.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Words } from "../components/src/words.js" */
import { h } from "../components/src/nodes.js";

/**
 * @typedef {{ name: string, title: string, isNumber?: boolean }} Column
 * @typedef {Record<string, unknown>} Row
 * @typedef {{ kind: "lines", ends: [string, string], most: number, series: { title: string, points: [x: number, y: number][] }[] }} Lines
 * @typedef {{ kind: "bars", title: string, most: number, bars: { label: string, value: number }[] }} Bars
 */

const SERIES_MAX = 4;
const BARS_MAX = 20;
const WIDE = 100;
const HIGH = 40;
// What is smaller beside the largest can't be told from nothing.
const SEEN_MIN = 0.05;

/** @param {Row[]} rows @param {string} name */
const isDaily = (rows, name) => rows.every((row) => /^\d{4}-\d\d-\d\d/.test(String(row[name])));

/** What goes along: days, or the first figure where nothing names a row. @param {Column[]} columns @param {Row[]} rows */
const alongOf = (columns, rows) => {
  const name = columns.find(({ isNumber }) => !isNumber);
  if (!name) return columns[0];
  return isDaily(rows, name.name) ? name : null;
};

/** Null where there is no figure to draw. @param {Column[]} columns @param {Row[]} rows @returns {Lines | Bars | null} */
export const plotOf = (columns, rows) => {
  const along = alongOf(columns, rows);
  const figures = columns.filter(({ isNumber, name }) => isNumber && name !== along?.name);
  if (!figures.length || !rows.length) return null;
  const numbers = (/** @type {string} */ name) => rows.map((row) => row[name]).filter((value) => typeof value === "number");
  if (along && rows.length > 1) {
    const most = Math.max(...figures.flatMap(({ name }) => numbers(name)), 0);
    const shown = figures.filter(({ name }) => Math.max(...numbers(name), 0) >= most * SEEN_MIN).slice(0, SERIES_MAX);
    const series = shown.map(({ name, title }) => ({
      title,
      points: rows.flatMap((row, index) => (typeof row[name] === "number" ? [/** @type {[number, number]} */ ([(index / (rows.length - 1)) * WIDE, HIGH - (most ? (row[name] / most) * HIGH : 0)])] : [])),
    }));
    return { kind: "lines", ends: [String(rows[0][along.name]), String(rows[rows.length - 1][along.name])], most, series };
  }
  const [{ name, title }] = figures;
  const labels = columns.filter(({ isNumber }) => !isNumber);
  const bars = rows.slice(0, BARS_MAX).map((row) => ({ label: labels.map((one) => String(row[one.name] ?? "–")).join(" · "), value: Number(row[name] ?? 0) }));
  return { kind: "bars", title, most: Math.max(...bars.map(({ value }) => value), 0), bars };
};

/** @param {[number, number][]} points */
const pathOf = (points) => points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");

/** The table beside it says the same to who does not see it. @param {Lines | Bars} plot @param {Words} words @returns {Node} */
export const plotView = (plot, words) => {
  if (plot.kind === "bars") {
    const bar = (/** @type {{ label: string, value: number }} */ { label, value }) =>
      h("li", null, h("span", null, label), h("span", { class: "number" }, words.number(value)), h("svg", { viewBox: `0 0 ${WIDE} 6`, preserveAspectRatio: "none" }, h("rect", { class: "of-0", width: plot.most ? Math.max(0, (value / plot.most) * WIDE) : 0, height: 6 })));
    return h("figure", { class: "plot", "aria-hidden": "true" }, h("figcaption", null, plot.title), h("ul", { class: "bars" }, plot.bars.map(bar)));
  }
  return h(
    "figure",
    { class: "plot", "aria-hidden": "true" },
    h("figcaption", null, words.number(plot.most)),
    h("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none", class: "lines" }, plot.series.map(({ points }, index) => h("polyline", { class: `of-${index}`, points: pathOf(points), "vector-effect": "non-scaling-stroke" }))),
    h("p", { class: "ends muted" }, plot.ends.map((end) => h("span", null, end))),
    h("ul", { class: "legend" }, plot.series.map(({ title }, index) => h("li", { class: `of-${index}` }, h("span", null, title)))),
  );
};
