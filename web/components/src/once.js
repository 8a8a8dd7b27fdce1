// Carries out what is tapped: once for a tap, and under the same key again where nobody knows what became of it. Must not know what that is.

/** What nobody knows the end of, so that it is sent again under its key. */
const UNCERTAIN = ["network_error", "unreadable_answer"];

/** Whether nobody knows what became of what was sent. @param {any} error */
export const isCut = ({ code, status = 0 }) => UNCERTAIN.includes(code) || status === 429 || status >= 500;

/** @typedef {"taken" | "refused" | "cut"} Outcome */
/**
 * What is carried out, what became of the last, the code of its refusal, and what is wrong with its fields, by the service in English.
 *
 * @typedef {{ busy: string | null, outcome: Outcome | null, why: string | null, detail: string | null }} Doing
 */

/** @param {() => void} changed */
export const createOnce = (changed) => {
  /** @type {string | null} */
  let busy = null;
  /** @type {Outcome | null} */
  let outcome = null;
  /** @type {string | null} */
  let why = null;
  /** @type {string | null} */
  let detail = null;
  /** @type {Map<string, string | undefined>} */
  let keys = new Map();
  let turn = 0;

  return {
    /** @returns {Doing} */
    state: () => ({ busy, outcome, why, detail }),
    /**
     * Of several taps the first counts.
     *
     * @param {string} id what is tapped @param {(options: { idempotencyKey: string | undefined }) => Promise<unknown>} send
     * @param {string} [said] what was typed: other words are another command
     */
    run: async (id, send, said = "") => {
      if (busy) return;
      const own = turn;
      const name = `${id} ${said}`;
      [busy, outcome, why, detail] = [id, null, null, null];
      changed();
      /** @type {Outcome} */
      let ended = "taken";
      /** @type {string | null} */
      let code = null;
      /** @type {string | null} */
      let wrong = null;
      /** @type {string | undefined} */
      let key;
      try {
        await send({ idempotencyKey: keys.get(name) });
      } catch (error) {
        ended = isCut(error) ? "cut" : "refused";
        const { code: refusal, problem, idempotencyKey } = /** @type {any} */ (error);
        code = refusal ?? null;
        wrong = (problem?.errors ?? []).map((/** @type {any} */ one) => one.message).join(" ") || null;
        if (isCut(error)) key = idempotencyKey;
      }
      if (own !== turn) return;
      keys.set(name, key);
      [busy, outcome, why, detail] = [null, ended, code, wrong];
      changed();
    },
    /** What comes of it is another user's. */
    forget: () => {
      turn += 1;
      [busy, outcome, why, detail, keys] = [null, null, null, null, new Map()];
    },
  };
};
