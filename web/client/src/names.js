// The contract's names as JavaScript writes them, and back. Must not know what any of them means.

/**
 * @param {any} value
 * @param {(name: string) => string} named
 * @returns {any}
 */
const renamed = (value, named) =>
  Array.isArray(value)
    ? value.map((one) => renamed(one, named))
    : value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [named(name), renamed(one, named)]))
      : value;

/** @param {string} name */
export const snakeName = (name) => name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());

/** JSON of the service with names such as `currentStreak`. @param {any} value */
export const camel = (value) => renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));

/** The same with names such as `current_streak`. @param {any} value */
export const snake = (value) => renamed(value, snakeName);
