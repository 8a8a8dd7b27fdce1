// Pictures as paths on a square of 24, one for each verdict, so that colour is never all that tells them apart. Must not know a colour.

import { h } from "./nodes.js";

const FLAME =
  "M12.6 1.8c.6 3.4-1 5.2-2.7 7.1-.5-1-.6-1.9-.5-3C6.7 7.9 4.8 10.9 4.8 14.2 4.8 18.7 8 22.2 12 22.2s7.2-3.5 7.2-8c0-5-3.2-9.2-6.6-12.4z";

const CORE = "M12.2 11.5c.4 2-2.9 3.4-2.9 6.3 0 1.9 1.3 3.2 2.8 3.2s2.8-1.3 2.8-3.1c0-2.5-1.2-4.9-2.7-6.4z";

/** @type {Record<string, string>} */
const PATHS = {
  active: "M5 12.5 10 17.5 19 7",
  repaired: "M19 12a7 7 0 1 1-2.5-5.4M17 2.5v4.5h-4.5",
  frozen: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9",
  missed: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  paused: "M9 6v12M15 6v12",
  rest: "M18.5 14.5A7.5 7.5 0 1 1 9.5 5.5a6 6 0 0 0 9 9z",
  travel: "M4 12h15M13.5 6.5 19 12l-5.5 5.5",
  amnesty: "M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z",
  excused: "M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z",
  pending: "M12 8.5a3.5 3.5 0 1 0 .01 0",
  award: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z",
};

/** @param {string} verdict one that is not known has an empty picture */
export const pictureOf = (verdict) =>
  h("svg", { viewBox: "0 0 24 24", class: "picture", "aria-hidden": "true" }, PATHS[verdict] && h("path", { d: PATHS[verdict] }));

export const flame = () => h("svg", { viewBox: "0 0 24 24", class: "flame", "aria-hidden": "true" }, h("path", { d: FLAME }), h("path", { class: "core", d: CORE }));
