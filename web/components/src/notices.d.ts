import { StreakElement } from "./index.js";

/** What the user was told in the last 30 days, the last first, and how many notices are unread; a tap marks them as read. */
export declare class StreakInbox extends StreakElement {
  /** How many are unread; null while nobody knows. */
  get unread(): number | null;
  /** Asks the service once more; it does so by itself when a day begins and when the page is looked at again. */
  reload(): Promise<void>;
}

/**
 * What the user is told of, in which ways, when and in which language. Attributes: `channels`, the ways that are offered (`inbox push`;
 * name `email` where the deployment sends letters), and `languages`, those that there are texts in (`en de`).
 */
export declare class StreakNoticePreferences extends StreakElement {
  /** Asks the service once more. */
  reload(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "streak-inbox": StreakInbox;
    "streak-notice-preferences": StreakNoticePreferences;
  }
}
