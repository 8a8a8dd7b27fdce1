// Defines the elements about notices in a page, beside those of `index.js`. Must not know what they show.

import { StreakInbox } from "./inbox.js";
import { NOTICE_TEXTS } from "./notice-texts.js";
import { StreakNoticePreferences } from "./preferences.js";
import { addTexts } from "./words.js";

export { StreakInbox, StreakNoticePreferences };

addTexts("en", NOTICE_TEXTS);

const ELEMENTS = { "streak-inbox": StreakInbox, "streak-notice-preferences": StreakNoticePreferences };

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS)) if (!customElements.get(name)) customElements.define(name, element);
}
