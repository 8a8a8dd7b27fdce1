// Which screen an address is of, and the other way round. Pure: must not know what is on a screen.

/** @typedef {{ screen: string, about: string | null }} Route */

export const FIND = "find";
/** What stands for a screen in the navigation, in its order. */
export const SCREENS = /** @type {const} */ ([FIND, "amnesties", "policies", "reports", "operations"]);
/** Of one thing: whose id follows. */
const OF_ONE = ["user", "policy", "report"];

/** @param {string} text */
const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};

/** What is none is where one begins. @param {string} hash @returns {Route} */
export const routeOf = (hash) => {
  const [screen, id, ...more] = hash.replace(/^#\/?/, "").split("/");
  const about = id ? decoded(id) : null;
  if (about && OF_ONE.includes(screen) && !more.length) return { screen, about };
  const isOfAll = /** @type {readonly string[]} */ (SCREENS).includes(screen) && id === undefined;
  return { screen: isOfAll ? screen : FIND, about: null };
};

/** @param {string} screen @param {string} [about] */
export const addressOf = (screen, about) => (about === undefined ? `#/${screen}` : `#/${screen}/${encodeURIComponent(about)}`);
