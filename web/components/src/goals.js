// Defines the elements about achievements and challenges in a page, beside those of `index.js`. Must not know what they show.

import { StreakAchievements } from "./achievements.js";
import { StreakChallenges } from "./challenges.js";
import { GOAL_TEXTS } from "./goal-texts.js";
import { addTexts } from "./words.js";

export { StreakAchievements, StreakChallenges };

addTexts("en", GOAL_TEXTS);

const ELEMENTS = { "streak-achievements": StreakAchievements, "streak-challenges": StreakChallenges };

if (globalThis.customElements) {
  for (const [name, element] of Object.entries(ELEMENTS)) if (!customElements.get(name)) customElements.define(name, element);
}
