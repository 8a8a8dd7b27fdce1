// Where texts are kept by names: in a browser's IndexedDB, in React Native's AsyncStorage, in memory. Must not know what.

/** @import { ClientStorage } from "./index.d.ts" */

/** Gone with the page. @returns {ClientStorage} */
export const memoryStorage = (kept = new Map()) => ({
  get: async (name) => kept.get(name) ?? null,
  set: async (name, text) => void kept.set(name, text),
  delete: async (name) => void kept.delete(name),
  names: async (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
});

/**
 * For React Native: `asyncStorage(AsyncStorage)`.
 *
 * @param {Parameters<typeof import("./index.d.ts").asyncStorage>[0]} kept
 * @returns {ClientStorage}
 */
export const asyncStorage = (kept, area = "unbroken/") => ({
  get: (name) => kept.getItem(area + name),
  set: (name, text) => kept.setItem(area + name, text),
  delete: (name) => kept.removeItem(area + name),
  names: async (prefix) =>
    (await kept.getAllKeys()).filter((name) => name.startsWith(area + prefix)).map((name) => name.slice(area.length)),
});

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** What a write promises is on the disk. @returns {ClientStorage} */
export const indexedDbStorage = (database = "unbroken") => {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  const open = () => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    return result(request).then((db) => {
      const forget = () => (opened = undefined);
      db.onclose = forget;
      db.onversionchange = () => (db.close(), forget());
      return db;
    });
  };
  /** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
  const within = async (mode, ask) => {
    const db = await (opened ??= open().catch((error) => ((opened = undefined), Promise.reject(error))));
    const transaction = db.transaction("kept", mode, { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const [answer] = await Promise.all([result(ask(transaction.objectStore("kept"))), done]);
    return answer;
  };
  return {
    get: async (name) => (await within("readonly", (store) => store.get(name))) ?? null,
    set: async (name, text) => void (await within("readwrite", (store) => store.put(text, name))),
    delete: (name) => within("readwrite", (store) => store.delete(name)),
    names: async (prefix) =>
      /** @type {string[]} */ (await within("readonly", (store) => store.getAllKeys(IDBKeyRange.bound(prefix, prefix + "\uffff")))),
  };
};
