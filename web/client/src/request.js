// Sends one request and says what became of it. Must not know when one is sent again.

/** @import { ClientOptions, Problem, RequestOptions } from "./index.d.ts" */
import { deviceClock } from "./clock.js";
import { AnyError } from "./error.js";
import { camel, snake, snakeName } from "./names.js";

const TIMEOUT_SECONDS = 30;

/** @param {string} detail @param {Partial<Problem>} [more] */
const failure = (detail, more) => new AnyError({ code: "network_error", status: 0, detail, ...more });

/** A name that nobody gave before. */
export const uuid = () => {
  const { crypto } = globalThis;
  if (crypto?.randomUUID) return crypto.randomUUID();
  // Pages that are not served by https have no `randomUUID`, and React Native has no `crypto` of its own.
  const bytes = new Uint8Array(16).map(() => Math.random() * 256);
  crypto?.getRandomValues(bytes);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/** Whose a token is; it is not verified: the service does. @param {string} token @returns {unknown} */
const ownerOf = (token) => {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return undefined;
  }
};

/**
 * @param {ClientOptions} options
 * @param {Record<string, string>} routes
 */
export const createRequest = (options, routes) => {
  const { baseUrl, getToken, getAppCheckToken, userId, timeoutSeconds = TIMEOUT_SECONDS, clock = deviceClock } = options;
  const base = baseUrl.replace(/\/+$/, "");

  /** @param {boolean} forceRefresh */
  const tokens = async (forceRefresh) => {
    let token, appCheck;
    try {
      token = await getToken({ forceRefresh });
      appCheck = await getAppCheckToken?.({ forceRefresh });
    } catch (error) {
      throw failure(`no token: ${error}`);
    }
    const owner = token && ownerOf(token);
    if (token && (!userId || !owner || owner === userId)) return { token, appCheck };
    const detail = token ? "Somebody else is signed in." : "Nobody is signed in.";
    throw new AnyError({ code: "unauthenticated", status: 401, detail });
  };

  /** @param {string} url @param {RequestInit} init @param {AbortSignal} [signal] */
  const exchange = async (url, init, signal) => {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const cancel = clock.after(timeoutSeconds * 1000, stop);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    try {
      const response = await (options.fetch ?? fetch)(url, { ...init, signal: abort.signal });
      return { response, text: await response.text() };
    } catch (error) {
      throw failure(String(error));
    } finally {
      cancel();
      signal?.removeEventListener("abort", stop);
    }
  };

  /**
   * @param {string} name
   * @param {Record<string, any>} [input]
   * @param {RequestOptions} [more]
   */
  const request = async (name, input = {}, more = {}) => {
    const [method, path, isKeyless] = routes[name].split(" ");
    const isQuestion = method === "GET";
    const rest = { ...input };
    let url = base + path.replace(/{(\w+)}/g, (_, word) => {
      const value = String(rest[word]);
      delete rest[word];
      // The network would fold these away, and the call would be another one.
      if (["", ".", ".."].includes(value)) {
        const detail = `${word} must not be "${value}".`;
        throw new AnyError({ code: "invalid_request", status: 422, detail, errors: [{ field: word, message: detail }] });
      }
      return encodeURIComponent(value);
    });
    const words = Object.entries(rest).filter(([, value]) => value !== undefined);
    const key = isQuestion || isKeyless ? undefined : more.idempotencyKey ?? rest.activityId ?? uuid();
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    /** @type {RequestInit} */
    const init = { method, headers, cache: "no-store", credentials: "omit" };
    if (key) headers["Idempotency-Key"] = key;
    if (more.ifMatch) headers["If-Match"] = more.ifMatch;
    if (more.ifNoneMatch) headers["If-None-Match"] = more.ifNoneMatch;
    if (isQuestion && words.length) {
      url += "?" + words.map(([word, value]) => snakeName(word) + "=" + encodeURIComponent(value)).join("&");
    } else if (words.length) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(snake(rest));
    }
    try {
      return await answered(url, init, more.signal);
    } catch (error) {
      if (error instanceof AnyError) error.idempotencyKey = key;
      throw error;
    }
  };

  /** @param {string} url @param {RequestInit} init @param {AbortSignal} [signal] */
  const answered = async (url, init, signal) => {
    for (let isSecond = false; ; isSecond = true) {
      const { token, appCheck } = await tokens(isSecond);
      const headers = { ...init.headers, Authorization: `Bearer ${token}`, ...(appCheck && { "X-Firebase-AppCheck": appCheck }) };
      const sentAt = clock.now();
      const { response, text } = await exchange(url, { ...init, headers }, signal);
      const error = response.ok || response.status === 304 ? undefined : problemOf(response, text);
      // A token may have run out on its way.
      if (error?.status === 401 && !isSecond) continue;
      if (error) throw error;
      return {
        answer: response.status === 304 ? undefined : read(response, text),
        status: response.status,
        etag: response.headers.get("ETag") ?? undefined,
        isReplayed: response.headers.get("Idempotent-Replayed") === "true",
        requestId: response.headers.get("X-Request-Id") ?? undefined,
        sentAt,
      };
    }
  };
  return request;
};

/** @param {Response} response @param {string} text */
const read = (response, text) => {
  // Lines of JSON, which an export is made of, and tables are left as they are.
  if (/^(application\/x-ndjson|text\/csv)\b/.test(response.headers.get("Content-Type") ?? "")) return text;
  try {
    return camel(JSON.parse(text));
  } catch {
    // A page of a hotel's network, say: nothing that the service said.
    throw new AnyError({ code: "unreadable_answer", status: 0, detail: "What was answered is no JSON." });
  }
};

/** @param {Response} response @param {string} text */
const problemOf = (response, text) => {
  const { status, headers } = response;
  const retryAfterSeconds = Number(headers.get("Retry-After")) || undefined;
  let said;
  try {
    said = camel(JSON.parse(text));
  } catch {
    said = {};
  }
  const isProblem = typeof said?.code === "string" && said.status === status;
  return new AnyError({
    code: isProblem ? said.code : "unreadable_answer",
    status: isProblem ? status : 0,
    detail: isProblem ? said.detail : `The status is ${status}, and the answer is not the service's.`,
    errors: isProblem ? said.errors : undefined,
    retryAfterSeconds,
    requestId: headers.get("X-Request-Id") ?? undefined,
  });
};
