// Whose token it is, as far as that decides what the page offers. Pure: must not know what is offered; it is the service that lets or refuses.

/** @typedef {"admin" | "support"} Role */

/** Strongest first, as the service takes them. */
const ROLES = /** @type {const} */ (["admin", "support"]);

/** What a token says of itself, unverified. @param {string} token @returns {Record<string, unknown>} */
const claimsOf = (token) => {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))) ?? {};
  } catch {
    return {};
  }
};

/** Null for whoever has none. @param {string | null | undefined} token @returns {Role | null} */
export const roleOf = (token) => {
  const claims = claimsOf(token ?? "");
  return ROLES.find((role) => claims[role] === true) ?? null;
};
