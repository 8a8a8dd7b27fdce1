import { StreakElement } from "./index.js";

/** What each achievement asks for, how far the user has come, and since when it is earned. */
export declare class StreakAchievements extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

/** What each challenge asks for, in which days and for what, and how far the user has come; a tap joins or leaves it. */
export declare class StreakChallenges extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "streak-achievements": StreakAchievements;
    "streak-challenges": StreakChallenges;
  }
}
