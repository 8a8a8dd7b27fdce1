import { StreakElement } from "./index.js";

/** Friend streaks, invitations with their codes, a code to accept, and who is blocked. */
export declare class StreakFriends extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "streak-friends": StreakFriends;
  }
}
