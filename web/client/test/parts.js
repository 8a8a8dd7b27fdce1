// A clock that tests move, and a service that answers what it is told. Must not know what is tested.

import { createClient, memoryStorage } from "../src/index.js";

export const MONDAY = Date.parse("2026-03-02T09:00:00Z");

/** All that is waiting to be done has been done. */
export const settled = async () => {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A device's clock, `steady` beside it: `set` moves what people see alone. */
export const fakeClock = (start = MONDAY) => {
  let passed = 0;
  let offset = start;
  /** @type {{ at: number, act: () => void }[]} */
  let timers = [];
  return {
    now: () => offset + passed,
    steady: () => passed,
    after: (milliseconds, act) => {
      const timer = { at: passed + milliseconds, act };
      timers.push(timer);
      return () => void (timers = timers.filter((one) => one !== timer));
    },
    set: (moment) => void (offset = moment - passed),
    timers: () => timers.length,
    advance: async (milliseconds) => {
      const end = passed + milliseconds;
      await settled();
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!due) break;
        timers = timers.filter((one) => one !== due);
        passed = Math.max(passed, due.at);
        due.act();
        await settled();
      }
      passed = end;
      await settled();
    },
  };
};

export const iso = (moment) => new Date(moment).toISOString();

/** A streak as the service tells it: alive for `days` from today on, and 0 then. */
export const streakAt = (now, { days = 2, length = 3, status = "extended", updatedAt = iso(now) } = {}) => {
  const midnight = Date.parse(iso(now).slice(0, 10) + "T04:00:00Z");
  const entry = (day) => {
    const isAlive = day < days;
    return {
      from: iso(day ? midnight + day * 86_400_000 : now),
      today: iso(midnight + day * 86_400_000).slice(0, 10),
      status: isAlive ? (day ? "pending" : status) : "none",
      current_streak: isAlive ? length : 0,
      freezes_available: 0,
    };
  };
  return {
    user_id: "ada",
    current_streak: length,
    longest_streak: length,
    status,
    today: iso(now).slice(0, 10),
    last_active_date: iso(now).slice(0, 10),
    time_zone: "UTC",
    timeline: [0, 1, 2, 3, 4, 5, 6, 7].map(entry),
    timeline_until: iso(midnight + 8 * 86_400_000),
    streak_created: false,
    created_at: iso(now),
    updated_at: updatedAt,
  };
};

const json = (status, body, headers = {}) => new Response(JSON.stringify(body), { status, headers });

const problemOf = (status, code) => ({ type: "about:blank", title: "No", status, code, detail: `It is ${code}.` });

export const problem = (status, code, headers) => json(status, problemOf(status, code), headers);

/**
 * A service that keeps what it recorded; `next` are answers, or errors, that it gives first. An answer that is a function
 * gets the real one: so it may have carried out what it seems to have failed at. `refusals` are what an activity is refused
 * with first, by its id; `isOld` knows no way to end a batch at a refusal.
 */
export const fakeService = (clock) => {
  const service = {
    recorded: new Map(),
    refusals: new Map(),
    requests: [],
    next: [],
    ahead: 0,
    isOld: false,
    fetch: async (url, init) => {
      const request = { url, method: init.method, headers: init.headers, body: init.body && JSON.parse(init.body) };
      service.requests.push(request);
      const planned = service.next.shift();
      if (planned instanceof Error) throw planned;
      if (planned && typeof planned !== "function") return planned;
      const answer = respond(request);
      return planned ? planned(answer) : answer;
    },
    /** The ids of the activities in each request that sent any. */
    sent: () =>
      service.requests
        .filter(({ method, url }) => method === "POST" && url.includes("/streak/activities"))
        .map(({ body, headers }) => body.activities?.map(({ activity_id }) => activity_id) ?? [headers["Idempotency-Key"]]),
  };
  const now = () => clock.now() + service.ahead;
  /** The problem, or what is recorded. */
  const record = (key, body) => {
    const isReplayed = service.recorded.has(key);
    const [refused] = service.refusals.get(key)?.splice(0, 1) ?? [];
    if (refused) return { problem: problemOf(...refused), seconds: refused[2] };
    if (!isReplayed && Date.parse(body.occurred_at) > now() + 300_000) return { problem: problemOf(422, "occurred_in_the_future") };
    if (!isReplayed && Date.parse(body.occurred_at) < now() - 14 * 86_400_000) return { problem: problemOf(422, "occurred_too_long_ago") };
    if (!isReplayed) service.recorded.set(key, body);
    return { activity: { activity_id: key, activity_type: body.activity_type, day: "2026-03-02", counted: true }, isReplayed };
  };
  const recordAll = ({ activities, stop_at_refusal: stops }) => {
    const before = service.recorded.size;
    let isOver = false;
    const results = activities.map(({ activity_id: key, ...body }) => {
      const { problem, seconds, activity, isReplayed } = isOver ? { problem: problemOf(424, "not_tried") } : record(key, body);
      isOver ||= stops && !!problem;
      return problem ? { status: problem.status, problem, retry_after_seconds: seconds } : { status: 201, replayed: isReplayed, activity, events: [] };
    });
    return json(200, { results, streak: { ...streakAt(now()), streak_created: !before && service.recorded.size > 0 } });
  };
  const respond = ({ url, method, headers, body }) => {
    if (method === "GET") return json(200, { ...streakAt(now()), offers: [] }, { ETag: '"1"' });
    if (url.endsWith("/streak/activities:batch")) return service.isOld ? problem(422, "invalid_request") : recordAll(body);
    if (!url.endsWith("/streak/activities")) return json(200, { streak: streakAt(now()), events: [] });
    const { problem: refused, seconds, activity, isReplayed } = record(headers["Idempotency-Key"], body);
    if (refused) return json(refused.status, refused, seconds && { "Retry-After": `${seconds}` });
    return json(201, { activity, streak: streakAt(now()), events: [] }, isReplayed ? { "Idempotent-Replayed": "true" } : {});
  };
  return service;
};

/** A client, the service that it asks, its clock and its storage; each may be given. */
export const fakeClient = ({ clock = fakeClock(), service = fakeService(clock), kept = new Map(), ...options } = {}) => {
  const storage = options.storage ?? memoryStorage(kept);
  const client = createClient({ baseUrl: "https://example.com/api/", getToken: () => "token", fetch: (...given) => service.fetch(...given), clock, storage, ...options });
  const events = [];
  client.queue.subscribe((event) => void events.push(event));
  return { client, service, clock, kept, events };
};

/** A token of this user, as far as a client looks into it. */
export const tokenOf = (sub) => `e30.${btoa(JSON.stringify({ sub }))}.`;
