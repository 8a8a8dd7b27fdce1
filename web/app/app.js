// The page of one user: who is signed in, the elements, a form and the settings. Must not know how anybody signs in.

/** @import { Client, ClientOptions, Policy, Settings, Pause, Shown } from "../client/src/index.js" */
import { createClient } from "../client/src/index.js";
import { useClient } from "../components/src/index.js";
import { patch } from "../components/src/patch.js";
import { activityView } from "./activity-view.js";
import { factsView } from "./facts-view.js";
import { inputOf } from "./inputs.js";
import { settingsView } from "./settings-view.js";
import { whoView } from "./who-view.js";

/**
 * Somebody who is signed in: what their client needs, and how they leave.
 *
 * @typedef {{ name: string, options: Omit<ClientOptions, "baseUrl">, zone?: () => string | undefined, began?: (client: Client) => void, leave: () => void }} User
 */

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Client | null} */
let client = null;
/** @type {(() => void)[]} */
let ends = [];

/** What the page knows of its user besides what the elements ask for. */
const known = {
  /** @type {Shown | null} */ shown: null,
  /** @type {Policy | null} */ policy: null,
  /** @type {Settings | null} */ settings: null,
  /** @type {Pause[]} */ pauses: [],
  /** @type {string | null} */ chosen: null,
  recorded: "",
  changed: "",
};

/** @param {User} user */
const draw = (user) => {
  const { policy, settings, pauses, shown, chosen } = known;
  patch(place("who"), whoView(user));
  patch(place("facts"), factsView(shown));
  if (policy) {
    const choose = (/** @type {string} */ name) => {
      known.chosen = name;
      // A field that was drawn keeps what was typed into it, and would be the next type's.
      place("activity").querySelector(".fields")?.replaceChildren();
      draw(user);
    };
    patch(place("activity"), activityView({ policy, chosen, said: known.recorded, choose, send: (form) => void record(form, user) }));
  }
  if (settings) {
    const act = (/** @type {(client: Client) => Promise<unknown>} */ change) => changed(change, user);
    patch(place("settings"), settingsView({ settings, pauses, today: shown?.today ?? "", said: known.changed, act }));
  }
};

/** @param {unknown} error */
const why = (error) => {
  const { problem, message } = /** @type {any} */ (error);
  return [problem?.detail ?? message, ...(problem?.errors ?? []).map((/** @type {any} */ one) => `${one.field}: ${one.detail ?? one.message ?? ""}`)].join(" ");
};

/** @param {HTMLFormElement} form @param {User} user */
const record = async (form, user) => {
  const own = client;
  const timeZone = user.zone?.();
  try {
    await own?.queue.record({ ...inputOf(new FormData(form), known.policy), ...(timeZone && { timeZone }) });
  } catch (error) {
    if (own !== client) return;
    known.recorded = why(error);
    draw(user);
  }
};

/** @param {(client: Client) => Promise<unknown>} change @param {User} user @param {Client} own */
const save = async (change, user, own) => {
  if (own !== client) return;
  const refusal = await change(own).then(() => null, why);
  // Whoever is there by now is told nothing of it.
  if (own !== client) return;
  known.changed = refusal ?? "Saved.";
  // What was chosen and refused is not shown as if it were so.
  if (refusal !== null) place("settings").replaceChildren();
  await ask(user, own).catch(() => own === client && draw(user));
};

/** One after the other, so that the last change is the one that stays. */
let saving = Promise.resolve();

/** @param {(client: Client) => Promise<unknown>} change @param {User} user */
const changed = (change, user) => {
  const own = client;
  if (own) saving = saving.then(() => save(change, user, own));
};

/** What the forms are made from. @param {User} user @param {Client} asked */
const ask = async (user, asked) => {
  const [policy, settings, { pauses }] = await Promise.all([asked.getPolicy(), asked.getSettings(), asked.listPauses()]);
  if (asked !== client) return;
  Object.assign(known, { policy, settings, pauses });
  draw(user);
};

const close = () => {
  for (const end of ends) end();
  ends = [];
  client?.close();
  client = null;
};

/** @param {User} user */
const signedIn = (user) => {
  close();
  const own = createClient({ baseUrl: location.origin, ...user.options });
  client = own;
  Object.assign(known, { shown: null, recorded: "", changed: "" });
  place("sign-in").replaceChildren();
  place("signed-in").hidden = false;
  useClient(own);
  let today = "";
  ends.push(
    own.watchStreak((shown) => {
      const before = today;
      [known.shown, today] = [shown, shown.today ?? ""];
      draw(user);
      // Asked in vain, it is asked again with the next news.
      if (today !== before) ask(user, own).catch(() => (today = ""));
    }),
    own.queue.subscribe((event) => {
      if (event.type === "stored") known.recorded = "Safe on this device, and on its way.";
      if (event.type === "refused") known.recorded = why(event);
      if (event.type === "done" && event.answer.activity) known.recorded = `Recorded: ${event.answer.activity.xpAwarded} XP.`;
      draw(user);
    }),
  );
  draw(user);
  user.began?.(own);
};

const signedOut = () => {
  close();
  useClient(null);
  for (const id of ["who", "facts", "activity", "settings"]) place(id).replaceChildren();
  Object.assign(known, { shown: null, policy: null, settings: null, pauses: [], chosen: null });
  place("signed-in").hidden = true;
};

const { start } = await (LOCAL.includes(location.hostname) ? import("./local/start.js") : import("./sign-in.js"));
start({ place: place("sign-in"), tools: place("local"), signedIn, signedOut });
