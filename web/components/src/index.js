// Defines the elements in a page. Must not know what they show.

import { StreakBadge } from "./badge.js";
import { StreakCalendar } from "./calendar.js";
import { StreakElement, redraw, useClient } from "./element.js";
import { StreakHistory } from "./history.js";
import { StreakInsights } from "./insights.js";
import { StreakOffers } from "./offers.js";
import { StreakWeek } from "./week.js";
import { addTexts as add } from "./words.js";

export { StreakBadge, StreakCalendar, StreakElement, StreakHistory, StreakInsights, StreakOffers, StreakWeek, useClient };

/** @type {typeof import("./index.d.ts").addTexts} */
export const addTexts = (language, texts) => {
  add(language, texts);
  redraw();
};

const ELEMENTS = {
  "streak-badge": StreakBadge,
  "streak-week": StreakWeek,
  "streak-calendar": StreakCalendar,
  "streak-history": StreakHistory,
  "streak-offers": StreakOffers,
  "streak-insights": StreakInsights,
};

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS)) if (!customElements.get(name)) customElements.define(name, element);
}
