// What a form about notices says, and what of it is otherwise than it was. Pure: must not know the DOM, nor how it is sent.

/** @import { Preferences, PreferencesBody } from "unbroken-client" */

/** All that there are, in the order in which the service has them. */
export const CHANNELS = /** @type {const} */ (["inbox", "push", "email"]);
export const USUAL = "usual";

/** @typedef {typeof CHANNELS[number]} Channel */

/** The channels that an attribute names, of those that there are: without one those that every deployment has. @param {string | null} text @returns {Channel[]} */
export const channelsOf = (text) => {
  const wanted = (text ?? "inbox push").split(/\s+/);
  return CHANNELS.filter((one) => wanted.includes(one));
};

/** Those that are offered, and those that the user has by now. @param {Preferences} preferences @param {Channel[]} offered */
export const offeredTo = ({ channels }, offered) => CHANNELS.filter((one) => offered.includes(one) || Object.values(channels).some((own) => own.includes(one)));

/** The name of a box. @param {string} kind @param {Channel} channel */
export const boxOf = (kind, channel) => `${kind} ${channel}`;

/**
 * What the form says that the user has not chosen yet; null where that is nothing.
 *
 * @param {Preferences} known
 * @param {readonly Channel[]} shown
 * @param {{ get: (name: string) => unknown }} form
 * @returns {PreferencesBody | null}
 */
export const chosenIn = (known, shown, form) => {
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
  const chosen = Object.entries(known.channels).map(([kind, own]) => [kind, CHANNELS.filter((one) => (shown.includes(one) ? form.get(boxOf(kind, one)) !== null : own.includes(one)))]);
  const changed = chosen.filter(([kind, channels]) => String(channels) !== String(known.channels[/** @type {keyof Preferences["channels"]} */ (kind)]));
  const [remindAt, quietHours, language] = [text("remindAt") || USUAL, { from: text("from"), until: text("until") }, text("language")];
  /** @type {PreferencesBody} */
  const body = {
    ...(changed.length > 0 && { channels: Object.fromEntries(changed) }),
    ...(remindAt !== known.remindAt && { remindAt }),
    ...((quietHours.from !== known.quietHours.from || quietHours.until !== known.quietHours.until) && { quietHours }),
    ...(language !== known.language && { language }),
  };
  return Object.keys(body).length ? body : null;
};
