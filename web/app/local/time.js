// A clock that can be ahead of the real one, and the requests that say so. Must not know who asks for what.

/** @import { Clock } from "../../client/src/index.js" */
/** @import { Made } from "./as-code.js" */

/** @typedef {Made & { status: number | null, milliseconds: number | null }} Request */

const KEPT = 100;

/** @param {(request: Request[]) => void} heard hears all requests, the latest first, whenever one is made or answered */
export const createTime = (heard) => {
  let ahead = 0;
  /** @type {Request[]} */
  let made = [];

  /** @type {Clock} */
  const clock = {
    now: () => Date.now() + ahead,
    steady: () => performance.now() + ahead,
    after: (milliseconds, act) => {
      const timer = setTimeout(act, milliseconds);
      return () => clearTimeout(timer);
    },
  };

  /** @type {typeof fetch} */
  const simulated = async (url, init) => {
    const headers = { .../** @type {Record<string, string>} */ (init?.headers), ...(ahead && { "X-Simulated-Time": new Date(clock.now()).toISOString() }) };
    /** @type {Request} */
    const request = { method: init?.method ?? "GET", url: String(url), headers, body: /** @type {string | undefined} */ (init?.body) ?? null, status: null, milliseconds: null };
    made = [request, ...made].slice(0, KEPT);
    heard(made);
    const began = performance.now();
    const answer = await fetch(url, { ...init, headers });
    Object.assign(request, { status: answer.status, milliseconds: Math.round(performance.now() - began) });
    heard(made);
    return answer;
  };

  return {
    clock,
    fetch: simulated,
    ahead: () => ahead,
    /** @param {number} milliseconds */
    move: (milliseconds) => {
      ahead = milliseconds;
    },
  };
};
