// Takes what is offered: which command each kind of offer is. Must not know how it is put.

/** @import { Client, Offer } from "unbroken-client" */
import { createOnce } from "./once.js";

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
  const { state, run, forget } = createOnce(changed);
  return {
    state,
    forget,
    /** @param {Client} client @param {Offer} offer */
    take: (client, offer) => run(idOf(offer), (options) => COMMANDS[offer.kind](client, offer, options)),
  };
};
