import { StreakElement } from "./index.js";

/**
 * Who leads, where the user stands and who is around, and taking part under a name. Attributes: `span` (`week`, `month`, `all`), `period` (`current`, `last`), `by`
 * (`xp`, `streak`), and `group`, one of the app's own, in which the user takes part and which is shown.
 */
export declare class StreakLeaderboard extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

/** Friend streaks, invitations with their codes, a code to accept, and who is blocked. */
export declare class StreakFriends extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "streak-leaderboard": StreakLeaderboard;
    "streak-friends": StreakFriends;
  }
}
