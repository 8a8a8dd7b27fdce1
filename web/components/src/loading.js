// Asks for what an element shows whenever the streak is another, and keeps what it knew meanwhile. Must not know what is asked for.

/** @import { Shown } from "unbroken-client" */

/**
 * @template Data
 * @param {() => Promise<Data>} ask
 * @param {() => void} changed
 */
export const createLoading = (ask, changed) => {
  /** @type {Data | null} */
  let data = null;
  let failed = false;
  /** @type {string | null} */
  let mark = null;
  let turn = 0;

  /** @param {(known: Data | null) => Promise<Data>} [how] asks for more than what is known, say */
  const load = async (how = ask) => {
    const own = ++turn;
    /** @type {Data | null} */
    let answer = null;
    try {
      answer = await how(data);
    } catch {
      // What is known stays, and it is said that it may be old.
    }
    // An answer that was overtaken by a newer question says what was.
    if (own !== turn) return;
    data = answer ?? data;
    failed = answer === null;
    changed();
  };

  return {
    state: () => ({ data, failed }),
    load,
    /** Asks where the streak was changed, another day began, or the service is heard again. @param {Shown} shown */
    news: ({ document, today, isLive }) => {
      const now = `${document?.updatedAt} ${today}`;
      if (now === mark && !(failed && isLive)) return;
      mark = now;
      void load();
    },
    /** What is known is another user's. */
    forget: () => {
      turn += 1;
      [data, failed, mark] = [null, false, null];
    },
  };
};
