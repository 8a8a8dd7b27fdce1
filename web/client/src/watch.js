// Shows how the streak stands: by what is known, with no network, and by what is heard. Must not know HTTP.

/** @import { ClientStorage, Clock, Listen, Shown, StreakDocument } from "./index.d.ts" */
import { BEHIND_MS_MAX, listenedDocument, standingAt } from "./standing.js";

const KNOWN = "streak";
const POLL_MS = 60_000;
const POLL_MS_MAX = 600_000;
// A device that slept, or whose clock was set, is noticed so soon.
const LOOK_MS_MAX = 30_000;
// What was on its way for longer, while the device slept, is no news.
const ON_ITS_WAY_MS_MAX = 60_000;

const UNKNOWN = /** @type {const} */ ({ isKnown: false, today: null, status: null, currentStreak: null, freezesAvailable: null, until: null });

/**
 * What is known: `skew` is how far the service's clock is ahead of this device's, and `seen` the latest moment, by the
 * service's clock, that has certainly been.
 *
 * @typedef {{ document: StreakDocument, etag?: string, skew: number, seen: number }} Known
 */

/**
 * @param {{
 *   request: (name: string, input?: any, more?: any) => Promise<{ answer: any, etag?: string, sentAt: number }>,
 *   storage: ClientStorage,
 *   clock: Clock,
 * }} parts
 */
export const createWatch = ({ request, storage, clock }) => {
  /** @type {Known | null} */
  let known = null;
  /** @type {Set<(shown: Shown) => void>} */
  const listeners = new Set();
  const hearing = new Set();
  let isLive = false;
  let isClosed = false;
  let failed = 0;
  let seenKept = 0;
  // When `seen` was, by the clock that nobody sets.
  let seenSteady = clock.steady();
  /** @type {string | undefined} */
  let told;
  /** @type {(() => void) | undefined} */
  let cancelLook;
  /** @type {(() => void) | undefined} */
  let cancelPoll;
  /** @type {Promise<void> | undefined} */
  let asking;

  const loaded = storage
    .get(KNOWN)
    .then((text) => void (known ??= JSON.parse(text ?? "null")))
    .catch(() => {});

  const keep = () => {
    seenKept = known?.seen ?? 0;
    (known ? storage.set(KNOWN, JSON.stringify(known)) : storage.delete(KNOWN)).catch(() => {});
  };

  const forget = () => {
    known = null;
    keep();
  };

  /** The service's clock, as far as this device can tell; null where its own was set back. */
  const moment = () => {
    if (!known) return null;
    const now = clock.now() + known.skew;
    const steady = clock.steady();
    // Asleep, a device may not count. So much has passed at least.
    const certain = known.seen + steady - seenSteady;
    if (now < certain - BEHIND_MS_MAX) return null;
    if (now > known.seen) [known.seen, seenSteady] = [now, steady];
    return now;
  };

  /** @returns {Shown} */
  const shown = () => {
    const now = moment();
    const standing = known && now !== null ? standingAt(known.document, now) : null;
    return { ...(standing ? { isKnown: true, ...standing } : UNKNOWN), isLive, document: known?.document ?? null };
  };

  const look = () => {
    cancelLook?.();
    if (isClosed || !listeners.size) return;
    const now = shown();
    const text = JSON.stringify(now);
    const isNews = text !== told;
    told = text;
    if (isNews) for (const listener of [...listeners]) listener(now);
    if (known && known.seen - seenKept >= BEHIND_MS_MAX) keep();
    // Who hears of every change asks only where what was heard does not tell.
    if (!now.isKnown && hearing.size) void refresh();
    const left = now.until && known ? Date.parse(now.until) - clock.now() - known.skew : LOOK_MS_MAX;
    cancelLook = clock.after(Math.max(1, Math.min(left, LOOK_MS_MAX)), look);
  };

  /** @param {StreakDocument} document @param {number} [sentAt] @param {string} [etag] */
  const learn = (document, sentAt, etag) => {
    // An answer that was overtaken by a newer one says what was.
    if (known && (document.updatedAt ?? "") < (known.document.updatedAt ?? "")) return;
    const from = Date.parse(document.timeline[0].from);
    const certain = Math.max(from, known ? known.seen + clock.steady() - seenSteady : 0);
    seenSteady = clock.steady();
    // An answer's timeline begins when it was given, which was after it was asked for: told so, nothing dies too late.
    if (sentAt !== undefined) known = { document, etag, skew: from - sentAt, seen: from };
    else known = { document, skew: known?.skew ?? 0, seen: certain };
    keep();
    look();
  };

  /** An answer to a request that was sent at that moment of this device's. @param {StreakDocument} document @param {number} sentAt @param {string} [etag] */
  const answered = (document, sentAt, etag) => {
    const took = clock.now() - sentAt;
    if (took >= 0 && took < ON_ITS_WAY_MS_MAX) learn(document, sentAt, etag);
  };

  /** The tag, where what it stands for is what is shown: a clock that runs ahead must not keep what it shows. */
  const tag = () => {
    const now = moment();
    const { timeline, timelineUntil } = known?.document ?? {};
    return now !== null && now < Date.parse(timeline?.[1]?.from ?? timelineUntil ?? "") ? known?.etag : undefined;
  };

  const ask = async () => {
    await loaded;
    let wait = POLL_MS;
    try {
      const { answer, etag, sentAt } = await request("getStreak", {}, { ifNoneMatch: tag() });
      failed = 0;
      isLive = true;
      if (answer) answered(answer, sentAt, etag);
    } catch (error) {
      const { code, retryAfterSeconds = 0 } = /** @type {any} */ (error);
      isLive = false;
      if (code === "user_erased") forget();
      wait = Math.max(retryAfterSeconds * 1000, Math.min(POLL_MS_MAX, POLL_MS * 2 ** failed++));
    }
    look();
    poll(wait);
  };

  /** Asks now, unless it is being asked. @returns {Promise<void>} */
  const refresh = () => (asking ??= ask().finally(() => (asking = undefined)));

  const rest = () => {
    cancelLook?.();
    cancelPoll?.();
  };

  const isHidden = () => typeof document !== "undefined" && document.visibilityState === "hidden";

  /** @param {number} wait */
  const poll = (wait) => {
    cancelPoll?.();
    if (isClosed || !listeners.size || hearing.size) return;
    cancelPoll = clock.after(wait, () => (isHidden() ? poll(POLL_MS) : void refresh()));
  };

  /** @param {(shown: Shown) => void} listener @param {{ listen?: Listen }} [options] */
  const watch = (listener, { listen } = {}) => {
    const own = (/** @type {Shown} */ now) => listener(now);
    let isOver = false;
    /** @type {(() => void) | void} */
    let stop;
    listeners.add(own);
    const next = (/** @type {any} */ fields) => {
      if (isOver || isClosed) return;
      const heard = listenedDocument(fields);
      // No document is a streak that was never there or is gone; one without a timeline is of an older form.
      if (!heard) return void refresh();
      hearing.add(own);
      cancelPoll?.();
      isLive = true;
      void loaded.then(() => learn(heard));
    };
    const lost = () => {
      hearing.delete(own);
      if (!isOver && !isClosed) void refresh();
    };
    void loaded.then(() => {
      if (isOver || isClosed) return;
      told = undefined;
      look();
      stop = listen?.(next, lost);
      void refresh();
    });
    return () => {
      isOver = true;
      listeners.delete(own);
      hearing.delete(own);
      stop?.();
      if (!listeners.size) rest();
    };
  };

  return {
    watch,
    answered,
    refresh: () => (listeners.size ? refresh() : Promise.resolve()),
    /** What would be shown now, with no network. */
    shown: () => loaded.then(shown),
    wake: () => (look(), listeners.size ? void refresh() : undefined),
    close: () => {
      isClosed = true;
      rest();
    },
  };
};
