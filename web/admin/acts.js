// What operators can do, as data: who may, what is asked for, and how that is sent. Pure: must not know the DOM, nor what comes of it.

/** @import { Role } from "./role.js" */

/**
 * A field of an act's form: `moment` is an instant, said in UTC; `tick` is a box; `file` is a text of many lines.
 *
 * @typedef {{ name: string, kind: "whole" | "day" | "moment" | "tick" | "file", isOptional?: boolean, minimum?: number, maximum?: number }} Field
 * @typedef {{ name: string, operation: string, roles: readonly Role[], fields: readonly Field[], isForEverybody?: boolean, isWithoutReason?: boolean }} Act
 */

const BOTH = /** @type {const} */ (["admin", "support"]);
const ADMINS = /** @type {const} */ (["admin"]);
const XP_MAX = 1_000_000;

/** As the service has it: `functions/operators/roles.py`. @type {Record<string, Act>} */
export const ACTS = {
  grant: { name: "grant", operation: "grantFreezesForUser", roles: BOTH, fields: [{ name: "count", kind: "whole", minimum: 1, maximum: 100 }, { name: "overCap", kind: "tick" }] },
  excuse: { name: "excuse", operation: "excuseDaysForUser", roles: BOTH, fields: [{ name: "from", kind: "day" }, { name: "until", kind: "day" }] },
  restoreDay: { name: "restoreDay", operation: "restoreForUser", roles: ADMINS, fields: [{ name: "day", kind: "day" }] },
  restoreLength: { name: "restoreLength", operation: "restoreForUser", roles: ADMINS, fields: [{ name: "length", kind: "whole", minimum: 1, maximum: 10_000 }, { name: "startedOn", kind: "day", isOptional: true }] },
  xp: { name: "xp", operation: "grantXpForUser", roles: ADMINS, fields: [{ name: "amount", kind: "whole", minimum: -XP_MAX, maximum: XP_MAX }] },
  block: { name: "block", operation: "blockForUser", roles: ADMINS, fields: [{ name: "until", kind: "moment", isOptional: true }] },
  unblock: { name: "unblock", operation: "unblockForUser", roles: ADMINS, fields: [] },
  hide: { name: "hide", operation: "hideFromLeaderboardForUser", roles: ADMINS, fields: [] },
  show: { name: "show", operation: "showOnLeaderboardForUser", roles: ADMINS, fields: [] },
  joinChallenge: { name: "joinChallenge", operation: "joinChallengeForUser", roles: ADMINS, isWithoutReason: true, fields: [] },
  leaveChallenge: { name: "leaveChallenge", operation: "leaveChallengeForUser", roles: ADMINS, isWithoutReason: true, fields: [] },
  declare: { name: "declare", operation: "declareAmnesty", roles: ADMINS, isForEverybody: true, fields: [{ name: "from", kind: "moment" }, { name: "until", kind: "moment" }] },
  withdrawAmnesty: { name: "withdrawAmnesty", operation: "withdrawAmnesty", roles: ADMINS, isForEverybody: true, fields: [] },
  publish: { name: "publish", operation: "publishPolicy", roles: ADMINS, isForEverybody: true, fields: [{ name: "effectiveFrom", kind: "day" }, { name: "toml", kind: "file" }] },
  withdrawPolicy: { name: "withdrawPolicy", operation: "withdrawPolicy", roles: ADMINS, isForEverybody: true, fields: [] },
};

const { grant, excuse, restoreDay, restoreLength, xp, hide, show, block, unblock } = ACTS;
const OF_A_USER = [grant, excuse, restoreDay, restoreLength, xp];
/** What is done to a user as a whole. */
export const USER_ACTS = [...OF_A_USER, hide, show, block, unblock];

/** @param {Act} act @param {Role} role */
export const mayDo = ({ roles }, role) => roles.includes(role);

/** What a role may do for a user; who is blocked is unblocked, or blocked otherwise. @param {Role} role @param {{ isBlocked: boolean, isHidden: boolean }} user @returns {Act[]} */
export const actsFor = (role, { isBlocked, isHidden }) => [...OF_A_USER, isHidden ? show : hide, block, ...(isBlocked ? [unblock] : [])].filter((act) => mayDo(act, role));

/** @param {Field} field @param {FormDataEntryValue | null} value */
const valueOf = ({ kind }, value) => {
  const text = String(value ?? "");
  if (kind === "tick") return value !== null || undefined;
  if (!text.trim()) return undefined;
  if (kind === "whole") return Number(text);
  return kind === "moment" ? new Date(`${text}Z`).toISOString() : text;
};

/** What a form says; what is left empty is not said. @param {Act} act @param {{ get: (name: string) => FormDataEntryValue | null }} form @returns {Record<string, any>} */
export const inputOf = (act, form) => ({
  ...Object.fromEntries(act.fields.map((field) => [field.name, valueOf(field, form.get(field.name))]).filter(([, value]) => value !== undefined)),
  ...(!act.isWithoutReason && { reason: String(form.get("reason") ?? "").trim() }),
});
