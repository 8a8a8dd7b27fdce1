// Several tabs of one app: one of them sends at a time, and each hears what another did. Must not know what is sent.

/** @import { QueueEvent } from "./index.d.ts" */
/** @typedef {{ alone: <T>(work: () => Promise<T>) => Promise<T>, tell: (event: QueueEvent) => void, close: () => void }} Tabs */

/**
 * @param {string} name
 * @param {(event: QueueEvent) => void} hear
 * @returns {Tabs}
 */
export const createTabs = (name, hear) => {
  const inBrowser = typeof indexedDB !== "undefined";
  const locks = inBrowser ? navigator.locks : undefined;
  const channel = inBrowser && typeof BroadcastChannel !== "undefined" ? new BroadcastChannel(name) : undefined;
  if (channel) channel.onmessage = ({ data }) => hear(data);
  return {
    // A lock is free again when its tab is gone, however it went.
    alone: (work) => (locks ? locks.request(name, work) : work()),
    tell: (event) => channel?.postMessage(event),
    close: () => channel?.close(),
  };
};
