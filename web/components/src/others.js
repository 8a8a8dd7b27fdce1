// Defines the elements about other users in a page, beside those of `index.js`. Must not know what they show.

import { StreakFriends } from "./friends.js";
import { StreakLeaderboard } from "./leaderboard.js";
import { OTHERS_TEXTS } from "./others-texts.js";
import { addTexts } from "./words.js";

export { StreakFriends, StreakLeaderboard };

addTexts("en", OTHERS_TEXTS);

const ELEMENTS = { "streak-leaderboard": StreakLeaderboard, "streak-friends": StreakFriends };

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS)) if (!customElements.get(name)) customElements.define(name, element);
}
