// Defines the elements about other users in a page, beside those of `index.js`. Must not know what they show.

import { StreakFriends } from "./friends.js";
import { OTHERS_TEXTS } from "./others-texts.js";
import { addTexts } from "./words.js";

export { StreakFriends };

addTexts("en", OTHERS_TEXTS);

const ELEMENTS = { "streak-friends": StreakFriends };

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS)) if (!customElements.get(name)) customElements.define(name, element);
}
