// Rows as a table that scrolls in itself where a screen is narrow. Pure: must not know the DOM, nor what the rows are about.

/** @import { Node } from "../components/src/nodes.js" */
import { h } from "../components/src/nodes.js";

/**
 * @typedef {{ name: string, title: string, isNumber?: boolean }} Column
 * @param {{ title: string, columns: Column[], rows: (Node | Node[])[][], none: string }} table
 * @returns {Node}
 */
export const tableView = ({ title, columns, rows, none }) => {
  if (!rows.length) return h("p", { class: "muted" }, none);
  const classOf = (/** @type {Column} */ { isNumber }) => (isNumber ? "number" : undefined);
  return h(
    "div",
    // What scrolls must be reached by the keyboard.
    { class: "scroll", role: "region", tabindex: 0, "aria-label": title },
    h(
      "table",
      { class: "rows" },
      h("caption", { class: "heard" }, title),
      h("thead", null, h("tr", null, columns.map((column) => h("th", { scope: "col", class: classOf(column) }, column.title)))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, index) => h("td", { class: classOf(columns[index]) }, cell))))),
    ),
  );
};
