// Asks the service to carry out commands that waited: one alone, or activities in a row at once. Must not know what waits, nor until when.

/** @import { Queued, RecordedAnswer } from "./index.d.ts" */
import { AnyError } from "./error.js";

/** So many activities the service takes at once. */
const BATCH_MAX = 500;

/** @typedef {{ answer: RecordedAnswer & Record<string, any>, isReplayed: boolean, sentAt: number }} Done */
/** @typedef {(name: string, input?: any, more?: any) => Promise<{ answer: any, isReplayed: boolean, sentAt: number, requestId?: string }>} Request */

/** Whether nobody knows what became of it (what came was cut, for a 400), or nobody may know yet. @param {AnyError} error */
export const isUncertain = ({ status }) => status <= 401 || status >= 500 || status === 429;

/** @param {Queued} command */
export const isActivity = ({ operation }) => operation === "recordActivity";

const unreadable = () => new AnyError({ code: "unreadable_answer", status: 0, detail: "The answer is of something else." });

/** @param {Request} request */
export const createSending = (request) => {
  // How many activities go at once, and may at most.
  let most = BATCH_MAX;
  let ceiling = BATCH_MAX;

  /** @param {Queued} command @returns {Promise<Done>} */
  const alone = async (command) => {
    const { operation, input, key } = command;
    const { answer, isReplayed, sentAt } = await request(operation, input, { idempotencyKey: key });
    const isAnswer = isActivity(command) ? answer?.activity?.activityId === key : answer?.streak;
    if (!isAnswer) throw unreadable();
    return { answer, isReplayed, sentAt };
  };

  /** @param {Queued[]} commands @returns {Promise<(Done | AnyError)[]>} */
  const together = async (commands) => {
    const activities = commands.map(({ key, input }) => ({ ...input, activityId: key }));
    const { answer, sentAt, requestId } = await request("recordActivities", { activities, stopAtRefusal: true });
    const { results, streak } = answer ?? {};
    if (results?.length !== commands.length || !streak) throw unreadable();
    /** @type {(Done | AnyError)[]} */
    const told = [];
    // The first one that is new has created the streak, where any has.
    let { streakCreated } = streak;
    for (const [index, { key }] of commands.entries()) {
      const { activity, events, replayed, problem, retryAfterSeconds } = results[index];
      if (activity?.activityId !== key) {
        // Only behind a refusal there is something that was not tried.
        const isRefusal = problem?.code && problem.code !== "not_tried";
        told.push(isRefusal ? new AnyError({ ...problem, retryAfterSeconds, requestId, idempotencyKey: key }) : unreadable());
        break;
      }
      const own = { ...streak, streakCreated: streakCreated && !replayed };
      streakCreated &&= replayed;
      told.push({ answer: { activity, events, streak: own }, isReplayed: replayed, sentAt });
    }
    return told;
  };

  // What is refused again and again must not be sent with hundreds behind it each time.
  /** @param {number} number of them that did not go through */
  const less = (number) => void (most = Math.min(ceiling, Math.max(2, number >> 1)));

  return {
    most: () => most,
    /**
     * What each is answered, up to the first that is not done; what stands behind that one was not tried. Throws what went wrong
     * with several as a whole: all of them are still to be sent.
     *
     * @param {Queued[]} commands
     * @returns {Promise<(Done | AnyError)[]>}
     */
    send: async (commands) => {
      const number = commands.length;
      try {
        const told = number > 1 ? await together(commands) : [await alone(commands[0])];
        if (told[told.length - 1] instanceof AnyError) less(number);
        else most = Math.min(ceiling, Math.max(most, 2 * number));
        return told;
      } catch (error) {
        if (!(error instanceof AnyError)) throw error;
        if (number === 1) return [error];
        // A service that does not know how to end a batch at a refusal refuses the whole: each goes alone from now on.
        if (!isUncertain(error)) ceiling = 1;
        less(number);
        throw error;
      }
    },
  };
};
