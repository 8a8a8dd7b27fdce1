// One wish of an operator: sent once for a click, under one key until its end is known. Must not know what is wished, nor how it is put.

/** @import { Problem } from "../client/src/index.js" */
/** @import { Act } from "./acts.js" */
import { isUncertain } from "./refusal.js";

/**
 * What is open, and about what; whether it is on its way; and what became of the last one.
 *
 * @typedef {{ act: Act, about: Record<string, string> }} Wish
 * @typedef {{ open: Wish | null, isBusy: boolean, refusal: Problem | null, done: Act | null }} State
 */

/**
 * @param {{ send: (act: Act, input: Record<string, any>, key: string) => Promise<unknown>, uuid: () => string, changed: () => void, done: () => void }} parts
 */
export const createWishes = ({ send, uuid, changed, done }) => {
  /** @type {State} */
  const NOTHING = { open: null, isBusy: false, refusal: null, done: null };
  let state = NOTHING;
  let turn = 0;
  /** The keys of what was sent and may have happened, by what it was, also once its form is closed. @type {Map<string, string>} */
  const sent = new Map();

  const close = () => {
    turn += 1;
    state = NOTHING;
  };

  return {
    state: () => state,
    /** @param {Act} act @param {Record<string, string>} about */
    open: (act, about) => {
      close();
      state = { ...NOTHING, open: { act, about } };
      changed();
    },
    close: () => {
      close();
      changed();
    },
    /** Whoever comes next wishes anew. */
    forget: () => {
      sent.clear();
      close();
    },
    /** Of several clicks the first counts. @param {Record<string, any>} given */
    submit: async (given) => {
      const { open, isBusy } = state;
      if (!open || isBusy) return;
      const own = turn;
      const input = { ...open.about, ...given };
      const content = JSON.stringify([open.act.name, input]);
      // The same again is the same wish; anything else is another, also in the eyes of the service.
      const key = sent.get(content) ?? uuid();
      sent.set(content, key);
      state = { ...state, isBusy: true, refusal: null };
      changed();
      /** @type {Problem | null} */
      let refusal = null;
      try {
        await send(open.act, input, key);
      } catch (error) {
        refusal = /** @type {any} */ (error).problem ?? { code: "unreadable_answer", status: 0, detail: String(error) };
      }
      if (!refusal || !isUncertain(refusal)) sent.delete(content);
      if (own !== turn) return;
      if (refusal) {
        state = { ...state, isBusy: false, refusal };
        changed();
        return;
      }
      close();
      state = { ...NOTHING, done: open.act };
      changed();
      done();
    },
  };
};
