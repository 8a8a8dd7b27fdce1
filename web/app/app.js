// The page of one user: who is signed in, the elements, a form and the settings. Must not know how anybody signs in.

/** @import { Client, ClientOptions, Policy, Settings, Pause, Share, Shown } from "../client/src/index.js" */
import { createClient } from "../client/src/index.js";
import { useClient } from "../components/src/index.js";
import "../components/src/goals.js";
import "../components/src/notices.js";
import "../components/src/others.js";
import { patch } from "../components/src/patch.js";
import { activityView } from "./activity-view.js";
import { factsView } from "./facts-view.js";
import { inputOf } from "./inputs.js";
import { base, language, words } from "./language.js";
import { settingsView } from "./settings-view.js";
import { shareView } from "./share-view.js";
import { isLocal } from "./where.js";
import { whoView } from "./who-view.js";

/**
 * Somebody who is signed in: what their client needs, and how they leave.
 *
 * @typedef {{ name: string, options: Omit<ClientOptions, "baseUrl">, zone?: () => string | undefined, began?: (client: Client) => void, leave: () => void }} User
 */

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
  /** @type {Share[] | null} */ shares: null,
  recorded: "",
  changed: "",
  shared: "",
};

/** @param {User} user */
const draw = (user) => {
  const { policy, settings, pauses, shares, shown, chosen } = known;
  patch(place("who"), whoView(user, words));
  patch(place("facts"), factsView(shown, words));
  if (policy) {
    const choose = (/** @type {string} */ name) => {
      known.chosen = name;
      // A field that was drawn keeps what was typed into it, and would be the next type's.
      place("activity").querySelector(".fields")?.replaceChildren();
      draw(user);
    };
    patch(place("activity"), activityView({ policy, chosen, said: known.recorded, words, choose, send: (form) => void record(form, user) }));
  }
  if (settings) {
    const act = (/** @type {(client: Client) => Promise<unknown>} */ change) => changed(change, user);
    patch(place("settings"), settingsView({ settings, pauses, today: shown?.today ?? "", said: known.changed, words, act }));
  }
  if (shares) {
    const act = (/** @type {(client: Client) => Promise<unknown>} */ change, done = "") => void share(change, done, user);
    patch(place("share"), shareView({ shares, said: known.shared, language: base, words, act }));
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
  known.changed = refusal ?? words.say("page_saved");
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

/** @param {(client: Client) => Promise<unknown>} change @param {string} done @param {User} user */
const share = async (change, done, user) => {
  const own = client;
  if (!own) return;
  const said = await change(own).then(() => done, why);
  if (own !== client) return;
  known.shared = said;
  await askShares(user, own).catch(() => own === client && draw(user));
};

/** Asked by itself: what else there is does not wait for pictures. @param {User} user @param {Client} asked */
const askShares = async (user, asked) => {
  const { shares } = await asked.listShares();
  if (asked !== client) return;
  known.shares = shares;
  draw(user);
};

/** What the forms are made from. @param {User} user @param {Client} asked */
const ask = async (user, asked) => {
  const [policy, settings, { pauses }] = await Promise.all([asked.getPolicy(), asked.getSettings(), asked.listPauses()]);
  if (asked !== client) return;
  Object.assign(known, { policy, settings, pauses });
  draw(user);
  askShares(user, asked).catch(() => {});
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
  Object.assign(known, { shown: null, recorded: "", changed: "", shared: "" });
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
      if (event.type === "stored") known.recorded = words.say("page_stored");
      if (event.type === "refused") known.recorded = why(event);
      if (event.type === "done" && event.answer.activity) known.recorded = words.say("page_recorded", { xp: event.answer.activity.xpAwarded });
      draw(user);
    }),
  );
  draw(user);
  user.began?.(own);
};

const signedOut = () => {
  close();
  useClient(null);
  for (const id of ["who", "facts", "activity", "share", "settings"]) place(id).replaceChildren();
  Object.assign(known, { shown: null, policy: null, settings: null, pauses: [], shares: null, chosen: null });
  place("signed-in").hidden = true;
};

document.documentElement.lang = language;
for (const one of document.querySelectorAll("[data-say]")) one.textContent = words.say(/** @type {HTMLElement} */ (one).dataset.say ?? "");
for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", words.say(/** @type {HTMLElement} */ (one).dataset.label ?? ""));

const { start } = await (isLocal ? import("./local/start.js") : import("./sign-in.js"));
start({ place: place("sign-in"), tools: place("local"), signedIn, signedOut });
