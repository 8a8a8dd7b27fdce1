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

export const problem = (status, code, headers) => json(status, { type: "about:blank", title: "No", status, code, detail: `It is ${code}.` }, headers);

/**
 * A service that keeps what it recorded; `next` are answers, or errors, that it gives first. An answer that is a function
 * gets the real one: so it may have carried out what it seems to have failed at.
 */
export const fakeService = (clock) => {
  const service = {
    recorded: new Map(),
    requests: [],
    next: [],
    ahead: 0,
    fetch: async (url, init) => {
      const request = { url, method: init.method, headers: init.headers, body: init.body && JSON.parse(init.body) };
      service.requests.push(request);
      const planned = service.next.shift();
      if (planned instanceof Error) throw planned;
      if (planned && typeof planned !== "function") return planned;
      const answer = respond(request);
      return planned ? planned(answer) : answer;
    },
  };
  const now = () => clock.now() + service.ahead;
  const respond = ({ url, method, headers, body }) => {
    if (method === "GET") return json(200, { ...streakAt(now()), offers: [] }, { ETag: '"1"' });
    const key = headers["Idempotency-Key"];
    const isReplayed = service.recorded.has(key);
    if (!url.endsWith("/streak/activities")) return json(200, { streak: streakAt(now()), events: [] });
    if (!isReplayed && Date.parse(body.occurred_at) > now() + 300_000) return problem(422, "occurred_in_the_future");
    if (!isReplayed && Date.parse(body.occurred_at) < now() - 14 * 86_400_000) return problem(422, "occurred_too_long_ago");
    if (!isReplayed) service.recorded.set(key, body);
    const activity = { activity_id: key, activity_type: body.activity_type, day: "2026-03-02", counted: true };
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
