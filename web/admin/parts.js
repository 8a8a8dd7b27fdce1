// What a screen is made of: each part is asked for by itself, shown by itself, and refused by itself. Must not know what is asked or shown.

/** @import { Problem } from "../client/src/index.js" */

/**
 * A question by its name in the client; `list` is what further pages go on with, and `follow` what is to be asked next by what was answered.
 *
 * @typedef {{ name: string, input?: Record<string, any>, list?: string, follow?: (data: any) => Record<string, Question> }} Question
 * @typedef {{ data: any, problem: Problem | null, isAsking: boolean }} Part
 */

/** @type {Part} */
const UNKNOWN = { data: null, problem: null, isAsking: false };

/**
 * @param {(question: Question) => Promise<any>} ask
 * @param {() => void} changed
 */
export const createParts = (ask, changed) => {
  /** @type {Record<string, Question>} */
  let questions = {};
  /** @type {Record<string, Part>} */
  let states = {};
  /** Those that the screen began with: what was asked for because of an answer is asked for again because of the next. @type {string[]} */
  let first = [];
  /** The last question of each part: what was overtaken by a newer one, or asked for another screen, is nothing to this one. @type {Record<string, object>} */
  let last = {};

  /** What was answered; null where it was refused, or is nothing to this screen any more. @param {string} part @param {boolean} isMore @returns {Promise<any>} */
  const load = async (part, isMore) => {
    const own = (last[part] = {});
    const { name, list, input, follow } = questions[part];
    const known = states[part]?.data;
    const page = isMore && known?.nextPageToken && { pageToken: known.nextPageToken };
    states[part] = { ...(states[part] ?? UNKNOWN), isAsking: true };
    changed();
    /** @type {Part} */
    let next;
    try {
      const data = await ask({ name, input: { ...input, ...page } });
      next = { data: page && list ? { ...data, [list]: [...known[list], ...data[list]] } : data, problem: null, isAsking: false };
    } catch (error) {
      const { problem, message } = /** @type {any} */ (error);
      next = { data: isMore ? known : null, problem: problem ?? { code: "unreadable_answer", status: 0, detail: String(message) }, isAsking: false };
    }
    if (last[part] !== own) return null;
    states[part] = next;
    changed();
    const following = (next.data && follow?.(next.data)) ?? {};
    questions = { ...questions, ...following };
    await Promise.all(Object.keys(following).map((one) => load(one, false)));
    return next.problem ? null : next.data;
  };

  const all = () => Promise.all(first.map((part) => load(part, false)));

  return {
    /** @param {string} part @returns {Part} */
    state: (part) => states[part] ?? UNKNOWN,
    /** Another screen: what was known is forgotten. @param {Record<string, Question>} wanted */
    begin: (wanted) => {
      [questions, states, last, first] = [wanted, {}, {}, Object.keys(wanted)];
      return all();
    },
    /** The same once more, which may be otherwise by now. */
    refresh: all,
    /** One more, which somebody wants to see, and what was answered. @param {string} part @param {Question} question */
    ask: (part, question) => {
      questions = { ...questions, [part]: question };
      return load(part, false);
    },
    again: (/** @type {string} */ part) => load(part, false),
    more: (/** @type {string} */ part) => load(part, true),
  };
};
