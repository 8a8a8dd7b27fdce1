// Commands that wait on the device until the service has answered them. Must not know how a request is sent.

/** @import { ActivityBody } from "./contract.d.ts" */
/** @import { ClientStorage, Clock, Problem, QueueEvent, Queued, RefusedCommand, UnbrokenError } from "./index.d.ts" */
/** @import { Request } from "./sending.js" */
/** @import { Tabs } from "./tabs.js" */
import { AnyError } from "./error.js";
import { uuid } from "./request.js";
import { createSending, isActivity, isUncertain } from "./sending.js";

const WAITING = "waiting/";
const REFUSED = "refused/";
const BACKOFF_MS_MAX = 60_000;
/** So often the service may fail over one command before the others go first. */
const FAILURES_MAX = 3;
/** What concerns one command alone, so that the others need not wait for it. */
const ALONE = ["too_many_zone_changes", "not_available_yet", "internal_error", "not_found", "method_not_allowed"];
/** The device's clock was wrong when these were made. */
const WRONG_CLOCK = ["occurred_in_the_future", "occurred_too_long_ago"];

/** What is said of an activity without being asked: when and where. */
const deviceZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * @param {{
 *   request: Request,
 *   storage: ClientStorage,
 *   clock: Clock,
 *   tabs: Tabs,
 *   emit: (event: QueueEvent) => void,
 * }} parts
 */
export const createQueue = ({ request, storage, clock, tabs, emit }) => {
  // Moments of the clock that nobody sets belong to this page alone.
  const page = uuid();
  const sending = createSending(request);
  /** @type {Map<string, number>} Commands that wait alone, and until when. */
  const aside = new Map();
  /** @type {Map<string, number>} */
  const failures = new Map();
  let last = 0;
  let tries = 0;
  // Until when nothing is tried without a reason, and until when the service asked to be left alone.
  let notBefore = 0;
  let askedUntil = 0;
  let isClosed = false;
  /** @type {Promise<void> | undefined} */
  let running;
  let isAskedAgain = false;
  let adding = Promise.resolve();
  /** @type {(() => void) | undefined} */
  let cancel;

  /** @param {QueueEvent} event */
  const tell = (event) => {
    emit(event);
    tabs.tell(event);
  };

  const names = async () => (await storage.names(WAITING)).sort();

  /** @param {string} name @returns {Promise<Queued | null>} */
  const read = async (name) => JSON.parse((await storage.get(name)) ?? "null");

  /** @param {string} prefix @returns {Promise<any[]>} */
  const all = async (prefix) => {
    const found = await Promise.all((await storage.names(prefix)).sort().map(async (name) => read(name)));
    return found.filter(Boolean);
  };

  /** @param {Queued} command @returns {Promise<Queued>} */
  const store = async (command) => {
    const stored = await names();
    const twin = stored.find((name) => name.endsWith(`/${command.key}`));
    // The same name twice is one command.
    if (twin) return (await read(twin)) ?? command;
    // Nor does it take the place of one that was refused.
    const places = [...stored, ...(await storage.names(REFUSED))].map((name) => Number(name.split("/")[1]));
    last = Math.max(last, ...places) + 1;
    await storage.set(`${WAITING}${String(last).padStart(12, "0")}/${command.key}`, JSON.stringify(command));
    tell({ type: "stored", command });
    return command;
  };

  /** One after the other, so that they lie in the order in which they were given. @param {Queued} command */
  const add = (command) => {
    const stored = adding.then(() => store(command));
    adding = stored.then(() => {}, () => {});
    return stored.then((one) => (void flush(), one));
  };

  /** The command with the moment at which it was made, told by clocks that were right. @param {Queued} command @param {string} code */
  const corrected = async (command, code) => {
    const { stamp } = command;
    if (!stamp || !isActivity(command)) return null;
    const isOfPage = stamp.page === page;
    // Of a page that is gone nobody knows how long ago it was; what lies ahead was made now at the latest.
    if (!isOfPage && code === "occurred_too_long_ago") return null;
    const now = Date.parse((await request("getStreak")).answer.timeline[0].from);
    const ago = isOfPage ? clock.steady() - stamp.steady : 0;
    const { stamp: _, ...rest } = command;
    return { ...rest, input: { ...command.input, occurredAt: new Date(now - ago).toISOString() } };
  };

  /** @param {string} name @param {QueueEvent} event */
  const leave = async (name, event) => {
    await storage.delete(name);
    aside.delete(event.command.key);
    failures.delete(event.command.key);
    tell(event);
  };

  /** @param {string} name @param {Queued} command @param {AnyError} error */
  const refuse = async (name, command, error) => {
    const problem = /** @type {Problem} */ (error.problem);
    // Kept before it leaves the queue: a page that dies in between is refused again.
    await storage.set(REFUSED + name.slice(WAITING.length), JSON.stringify({ command, problem }));
    await leave(name, { type: "refused", command, problem });
  };

  /** @param {number} milliseconds */
  const wait = (milliseconds) => void (notBefore = clock.steady() + milliseconds);

  /** @param {Partial<Problem>} [problem] which may say how long the service asks for */
  const waitMore = ({ retryAfterSeconds = 0 } = {}) => {
    const asked = retryAfterSeconds * 1000;
    wait(asked ? asked * (1 + Math.random() / 10) : Math.min(BACKOFF_MS_MAX, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    askedUntil = asked ? notBefore : 0;
    tries++;
    return false;
  };

  /** One try of what goes at once; whether the next may be tried. @param {{ name: string, command: Queued }[]} found */
  const attempt = async (found) => {
    try {
      const told = await sending.send(found.map(({ command }) => command));
      for (const [index, one] of told.entries()) {
        const { name, command } = found[index];
        if (one instanceof AnyError) return await afterFailure(name, command, one);
        tries = 0;
        await leave(name, { type: "done", command, ...one });
      }
      return true;
    } catch (error) {
      if (!(error instanceof AnyError)) throw error;
      return isUncertain(error) ? waitMore(error) : true;
    }
  };

  /** @param {string} name @param {Queued} command @param {AnyError} error */
  const afterFailure = async (name, command, error) => {
    const { code, retryAfterSeconds = 0 } = error;
    const failed = (failures.get(command.key) ?? 0) + 1;
    failures.set(command.key, failed);
    if (ALONE.includes(code) && (code !== "internal_error" || failed >= FAILURES_MAX)) {
      aside.set(command.key, clock.steady() + Math.max(retryAfterSeconds * 1000, BACKOFF_MS_MAX));
      return true;
    }
    // The same again.
    if (isUncertain(error)) return waitMore(error);
    let mended;
    try {
      mended = WRONG_CLOCK.includes(code) && (await corrected(command, code));
    } catch {
      return waitMore();
    }
    if (mended) await storage.set(name, JSON.stringify(mended));
    else await refuse(name, command, error);
    return true;
  };

  /** What goes next: of the commands that need not wait, nor are about one that waits, the first, or the activities in a row. */
  const next = async () => {
    // After a failure one is enough to see whether anything gets through.
    const most = tries ? 1 : sending.most();
    const waiting = new Set();
    const found = [];
    for (const name of await names()) {
      const command = await read(name);
      if (!command) continue;
      const isLater = (aside.get(command.key) ?? 0) > clock.steady();
      if (isLater || waiting.has(command.input.activityId)) waiting.add(command.key);
      else if (found.length && !isActivity(command)) break;
      else if (found.push({ name, command }) >= most || !isActivity(command)) break;
    }
    return found;
  };

  /** Sends what waits until nothing does, or something has to be waited for. */
  const pass = async () => {
    for (;;) {
      const found = isClosed ? [] : await next();
      if (!found.length || !(await attempt(found))) return;
    }
  };

  const schedule = async () => {
    cancel?.();
    if (isClosed) return;
    const waiting = await names();
    if (!waiting.length) return;
    const moments = [...aside.values()].filter((moment) => moment > clock.steady());
    const soonest = notBefore > clock.steady() ? notBefore : Math.min(...moments, clock.steady() + BACKOFF_MS_MAX);
    cancel = clock.after(soonest - clock.steady(), () => void flush());
  };

  /** Sends what waits; resolves when nothing is sent any more, whether or not all was. @returns {Promise<void>} */
  const flush = () => {
    isAskedAgain = !!running;
    if (running) return running;
    // Where the device's own storage fails, a later try may do.
    const sent = isClosed || askedUntil > clock.steady() ? Promise.resolve() : tabs.alone(pass).catch(() => wait(BACKOFF_MS_MAX));
    running = sent.then(() => {
      running = undefined;
      return isAskedAgain && askedUntil <= clock.steady() ? flush() : schedule().catch(() => {});
    });
    return running;
  };

  /** @param {string} key */
  const named = async (key) => (await storage.names(REFUSED)).filter((name) => name.endsWith(`/${key}`));

  /** @param {string} key */
  const dismiss = async (key) => {
    for (const name of await named(key)) await storage.delete(name);
  };

  return {
    flush,
    /** @param {ActivityBody} activity */
    record: ({ activityId, ...activity }) => {
      const input = { ...activity, occurredAt: activity.occurredAt ?? new Date(clock.now()).toISOString() };
      input.timeZone ??= deviceZone();
      const stamp = activity.occurredAt ? undefined : { page, steady: clock.steady() };
      return add({ key: activityId ?? uuid(), operation: "recordActivity", input, stamp });
    },
    /** @param {string} operation @param {any} [input] */
    add: (operation, input = {}) => add({ key: uuid(), operation, input }),
    waiting: () => all(WAITING),
    refused: () => all(REFUSED),
    dismiss,
    /** @param {string} key */
    retry: async (key) => {
      const refusals = await named(key);
      const found = refusals.length && /** @type {any} */ (await read(refusals[0]));
      if (!found) return;
      await add(found.command);
      for (const name of refusals) await storage.delete(name);
    },
    close: () => {
      isClosed = true;
      cancel?.();
    },
  };
};
