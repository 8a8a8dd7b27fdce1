// The client of one user. Must not know how any of its parts does what it does.

/** @import { QueueEvent } from "./index.d.ts" */
import { deviceClock } from "./clock.js";
import { isUnbrokenError } from "./error.js";
import { createQueue } from "./queue.js";
import { createRequest } from "./request.js";
import { ROUTES } from "./routes.js";
import { asyncStorage, indexedDbStorage, memoryStorage } from "./storage.js";
import { createTabs } from "./tabs.js";
import { createWatch } from "./watch.js";

export { asyncStorage, indexedDbStorage, isUnbrokenError, memoryStorage };

/** @type {typeof import("./index.d.ts").createClient} */
export const createClient = (options) => {
  const { clock = deviceClock, userId } = options;
  const area = `unbroken${userId ? `/${userId}` : ""}`;
  const storage = options.storage ?? (typeof indexedDB === "undefined" ? memoryStorage() : indexedDbStorage(area));
  const request = createRequest({ ...options, clock }, ROUTES);
  const watched = createWatch({ request, storage, clock });
  /** @type {Set<(event: QueueEvent) => void>} */
  const listeners = new Set();

  /** @param {QueueEvent} event */
  const heard = (event) => {
    for (const listener of [...listeners]) listener(event);
  };
  // What another tab was told may have lain about since.
  const tabs = createTabs(area, (event) => {
    heard(event);
    if (event.type === "done") void watched.refresh();
  });
  /** @param {QueueEvent} event */
  const emit = (event) => {
    heard(event);
    if (event.type !== "done") return;
    // The first answer again says how it was then.
    if (event.isReplayed) void watched.refresh();
    else watched.answered(event.answer.streak, event.sentAt);
  };
  const { close, ...queue } = createQueue({ request, storage, clock, tabs, emit });

  const wake = () => {
    void queue.flush();
    watched.wake();
  };
  const page = typeof document === "undefined" ? undefined : document;
  const shownAgain = () => page?.visibilityState === "visible" && wake();
  const wires = /** @type {const} */ ([[globalThis, "online", wake], [page, "visibilitychange", shownAgain]]);
  if (page) for (const [target, name, act] of wires) target?.addEventListener(name, act);
  wake();

  /** What was asked for by name is shown, too. @param {string} name @param {any} input @param {any} more */
  const call = async (name, input, more) => {
    const { answer, etag, isReplayed, sentAt } = await request(name, input, more);
    const streak = name === "getStreak" ? answer : answer?.streak;
    if (streak && !isReplayed) watched.answered(streak, sentAt, name === "getStreak" ? etag : undefined);
    return answer;
  };
  const routes = Object.keys(ROUTES).map((name) => [name, (/** @type {any} */ input, /** @type {any} */ more) => call(name, input, more)]);
  return {
    ...Object.fromEntries(routes),
    request,
    queue: {
      ...queue,
      subscribe: (/** @type {(event: QueueEvent) => void} */ listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    watchStreak: watched.watch,
    shownStreak: watched.shown,
    now: () => clock.now(),
    wake,
    close: () => {
      close();
      watched.close();
      tabs.close();
      if (page) for (const [target, name, act] of wires) target?.removeEventListener(name, act);
    },
  };
};
