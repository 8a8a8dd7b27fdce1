// Takes what is offered: once for a tap, and under the same key again where nobody knows what became of it. Must not know how it is put.

/** @import { Client, Offer } from "unbroken-client" */

/** What nobody knows the end of, so that it is sent again under its key. */
const UNCERTAIN = ["network_error", "unreadable_answer"];

/** Whether nobody knows what became of what was sent. @param {any} error */
export const isCut = ({ code, status = 0 }) => UNCERTAIN.includes(code) || status === 429 || status >= 500;

/** @typedef {"taken" | "refused" | "cut"} Outcome */

/** What tells offers apart. @param {Offer} offer */
export const idOf = ({ kind, day, activityId, pauseId }) => [kind, day, activityId, pauseId].filter(Boolean).join(" ");

/**
 * What each kind of offer is sent as; a kind that is not among them is of a later version.
 *
 * @type {Record<Offer["kind"], (client: Client, offer: Offer, options: { idempotencyKey: string | undefined }) => Promise<unknown>>}
 */
export const COMMANDS = {
  freeze: (client, { day }, options) => client.planFreeze({ date: day }, options),
  repair: (client, _, options) => client.repairStreak({}, options),
  redo: (client, { activityId = "" }, options) => client.redoActivity({ activityId }, options),
  resume: (client, { pauseId = "" }, options) => client.endPause({ pauseId }, options),
};

/** @param {() => void} changed */
export const createTaking = (changed) => {
  /** @type {string | null} */
  let busy = null;
  /** @type {Outcome | null} */
  let outcome = null;
  /** @type {Map<string, string | undefined>} */
  let keys = new Map();
  let turn = 0;

  return {
    state: () => ({ busy, outcome }),
    /** Of several taps the first counts. @param {Client} client @param {Offer} offer */
    take: async (client, offer) => {
      if (busy) return;
      const own = turn;
      const id = idOf(offer);
      [busy, outcome] = [id, null];
      changed();
      /** @type {Outcome} */
      let ended = "taken";
      /** @type {string | undefined} */
      let key;
      try {
        await COMMANDS[offer.kind](client, offer, { idempotencyKey: keys.get(id) });
      } catch (error) {
        ended = isCut(error) ? "cut" : "refused";
        if (isCut(error)) key = /** @type {any} */ (error).idempotencyKey;
      }
      if (own !== turn) return;
      keys.set(id, key);
      [busy, outcome] = [null, ended];
      changed();
    },
    /** What comes of it is another user's. */
    forget: () => {
      turn += 1;
      [busy, outcome, keys] = [null, null, new Map()];
    },
  };
};
