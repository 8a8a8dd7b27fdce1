// Lives devices of the real client, given as lines of JSON; says what became of each. Must not know what is right.

import { createInterface } from "node:readline";
import { createClient, isUnbrokenError, memoryStorage } from "../../web/client/src/index.js";

const [baseUrl] = process.argv.slice(2);
// So many milliseconds of a device's waiting pass in one of ours.
const HURRY = 1000;
const QUESTIONS = [["getStreak", {}], ["getCalendar", { days: 20 }], ["getConsistency", {}], ["explainDays", { days: 14 }]];

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

/** A device: a clock, what is kept on it, and the page that is open. */
class Device {
  constructor({ user, token }) {
    Object.assign(this, { user, token, kept: new Map(), at: 0, wrong: 0, waited: 0, dieAfter: Infinity });
    // The key of each activity by its name in the life, what was last kept to be sent under each key, and how many went at once.
    Object.assign(this, { keys: new Map(), inputs: new Map(), ended: new Map(), batches: [] });
    this.open();
  }

  open() {
    const device = this;
    const page = { isAlive: true };
    // The page dies at a call, which has its effect or has none.
    const mortal = (call) => async (...given) => {
      if (page.isAlive && --device.dieAfter < 0) {
        page.isAlive = false;
        device.dieAfter = Infinity;
        if (device.diesLate) await call(...given).catch(() => {});
        device.died?.();
      }
      const answer = page.isAlive ? await call(...given) : undefined;
      return page.isAlive ? answer : new Promise(() => {});
    };
    const clock = {
      now: () => device.at + device.wrong,
      steady: () => device.at + device.waited,
      after: (milliseconds, act) => {
        // An answer is waited for by the real clock.
        const isTimeout = milliseconds === 30_000;
        const timer = setTimeout(
          () => {
            if (!isTimeout) device.waited += milliseconds;
            if (page.isAlive) act();
          },
          isTimeout ? milliseconds : milliseconds / HURRY,
        );
        return () => clearTimeout(timer);
      },
    };
    const send = async (url, init) => {
      if (!device.isOnline) throw new TypeError("offline");
      const answer = await fetch(url, { ...init, headers: { ...init.headers, "X-Simulated-Time": new Date(device.at).toISOString() } });
      if (url.endsWith(":batch")) device.batches.push(JSON.parse(init.body).activities.length);
      return answer;
    };
    const kept = memoryStorage(this.kept);
    const { set } = kept;
    kept.set = (name, text) => {
      if (name.startsWith("waiting/")) this.inputs.set(JSON.parse(text).key, JSON.parse(text).input);
      return set(name, text);
    };
    const storage = Object.fromEntries(Object.entries(kept).map(([name, call]) => [name, mortal(call)]));
    this.page = page;
    this.client = createClient({ baseUrl, getToken: () => this.token, userId: this.user, storage, clock, fetch: mortal(send) });
    this.client.queue.subscribe((event) => {
      if (page.isAlive && event.type !== "stored") this.ended.set(event.command.key, event);
    });
  }

  kill() {
    this.page.isAlive = false;
    this.client.close();
    this.open();
  }

  /** Sends all that waits, whatever it takes; pages that die are opened again. */
  async flush({ dieAfter, diesLate }) {
    this.isOnline = true;
    Object.assign(this, { dieAfter: dieAfter ?? Infinity, diesLate });
    let deaths = 0;
    for (;;) {
      const death = new Promise((resolve) => (this.died = () => resolve("died")));
      if (!this.page.isAlive) this.died();
      const turn = this.client.queue.flush().then(() => this.client.queue.waiting());
      const waiting = await Promise.race([death, turn]);
      if (waiting === "died") {
        deaths++;
        this.client.close();
        this.open();
      } else if (!waiting.length) break;
      else await new Promise((resolve) => setTimeout(resolve, 2));
    }
    this.dieAfter = Infinity;
    // It may have died just when all was done.
    if (!this.page.isAlive) this.kill();
    return deaths;
  }

  /** Asks until it is answered. */
  async ask(name, input) {
    for (;;) {
      try {
        return await this.client[name](input);
      } catch (error) {
        if (!isUnbrokenError(error) || error.status >= 400 && error.status < 500) throw error;
      }
    }
  }
}

const acts = {
  record: (device, { activity }) => device.client.queue.record(activity),
  undo: (device, { name }) => device.client.queue.add("undoActivity", { activityId: device.keys.get(name) }),
  redo: (device, { name }) => device.client.queue.add("redoActivity", { activityId: device.keys.get(name) }),
};

/** One moment of a device's life, and what is to be said of it. */
const live = async (device, step) => {
  device.at = Date.parse(step.at);
  device.wrong = step.wrong;
  if (step.kill) device.kill();
  const { isKnown, currentStreak, status, today } = await device.client.shownStreak();
  const shown = { isKnown, currentStreak, status, today };
  if (step.do !== "flush") {
    const { key } = await acts[step.do](device, step);
    if (step.do === "record") device.keys.set(step.name, key);
    return { shown };
  }
  device.ended.clear();
  const queued = await device.client.queue.waiting();
  const deaths = await device.flush(step);
  // Of a page that died with the answer in its hands nobody heard what became of it.
  const sent = queued.map(({ key, operation }) => {
    const { type, answer, problem } = device.ended.get(key) ?? {};
    return { key, operation, input: device.inputs.get(key), type, activity: answer?.activity, code: problem?.code };
  });
  const answers = {};
  for (const [name, input] of QUESTIONS) answers[name] = await device.ask(name, input);
  device.isOnline = false;
  const refused = (await device.client.queue.refused()).map(({ command }) => command.key);
  return { shown, sent, answers, deaths, refused, batches: device.batches.splice(0) };
};

for await (const line of createInterface({ input: process.stdin })) {
  const { steps, ...who } = JSON.parse(line);
  const device = new Device(who);
  const lived = [];
  for (const step of steps) lived.push(await live(device, step));
  device.page.isAlive = false;
  device.client.close();
  say({ user: who.user, lived });
}
