import type { Client } from "unbroken-client";

/** The client of every element of the page that has none of its own; null where nobody is signed in. */
export declare function useClient(client: Client | null): void;

/** Texts of another language, or others of one that is known: by their names in `texts.js`; counted ones by plural category. */
export declare function addTexts(language: string, texts: Record<string, string | Record<string, string>>): void;

/** What all elements have: `lang` and `theme` (`light`, `dark`, `auto`; else that of the page around it) as attributes, and a client. */
export declare class StreakElement extends HTMLElement {
  /** This element's own client, in place of the page's. */
  get client(): Client | null;
  set client(client: Client | null);
}

/** The flame, the length, and how long there is left. */
export declare class StreakBadge extends StreakElement {}

/** This week: seven days by verdict, the categories that are done, and the bonus. */
export declare class StreakWeek extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

/** The last months by verdict; each day tells what it was, by pointer and by keyboard. */
export declare class StreakCalendar extends StreakElement {
  /** 1 to 12, the last of them this one; also an attribute. */
  months: number;
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

/** What happened, the latest first; "why?" tells why its day counts as it does. */
export declare class StreakHistory extends StreakElement {
  /** Asks the service once more; activities that go through this client are seen by themselves. */
  reload(): Promise<void>;
}

/** What the user could do now; a tap does it. */
export declare class StreakOffers extends StreakElement {
  /** Asks the service once more. */
  reload(): Promise<void>;
}

/** What the last year tells of habits, and how likely the streak lasts this week. */
export declare class StreakInsights extends StreakElement {
  /** Asks the service once more. */
  reload(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "streak-badge": StreakBadge;
    "streak-week": StreakWeek;
    "streak-calendar": StreakCalendar;
    "streak-history": StreakHistory;
    "streak-offers": StreakOffers;
    "streak-insights": StreakInsights;
  }
}
