// The page on a local server: a demo user is chosen in place of signing in, and time is what one makes it. Must not know what is shown.

/** @import { Client } from "../../client/src/index.js" */
/** @import { User } from "../app.js" */
/** @import { Request } from "./time.js" */
/** @import { Habit } from "./tools-view.js" */
import { memoryStorage } from "../../client/src/index.js";
import { h } from "../../components/src/nodes.js";
import { patch } from "../../components/src/patch.js";
import { usual } from "../inputs.js";
import { language, words } from "../language.js";
import { createTime } from "./time.js";
import { unsignedToken } from "./token.js";
import { toolsView } from "./tools-view.js";

const DEMO = ["ada", "ben", "chen"];
const DAY_MS = 86_400_000;
const MONTH_DAYS = 31;
const MOST_DAYS = 0.8;
const PAUSE_MS = 350;
const SETTLE_MS = 120;

/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds));

/** @param {{ place: HTMLElement, tools: HTMLElement, signedIn: (user: User) => void, signedOut: () => void }} page */
export const start = ({ place, tools, signedIn, signedOut }) => {
  const state = { least: 0, most: MONTH_DAYS, habit: /** @type {Habit} */ ("mostly"), isPlaying: false, isOpen: false, requests: /** @type {Request[]} */ ([]), copied: /** @type {string | null} */ (null) };
  const time = createTime((requests) => {
    state.requests = requests;
    draw();
  });
  /** @type {Client | null} */
  let client = null;
  /** @type {User | null} */
  let user = null;
  /** @type {string | undefined} */
  let zone;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let sliding;

  /** What is shown now, asked for anew; where time went back, by a client that knows nothing. @param {boolean} isBack */
  const moved = async (isBack) => {
    if (isBack && user) signedIn(user);
    else await client?.getStreak();
  };

  /** No further back than to the user's last command. @param {number} wanted */
  const slide = (wanted) => {
    const days = Math.max(wanted, state.least);
    const isBack = days * DAY_MS < time.ahead();
    time.move(days * DAY_MS);
    draw();
    clearTimeout(sliding);
    sliding = setTimeout(() => void moved(isBack).catch(() => {}), SETTLE_MS);
  };

  /** Something that the policy knows, with usual values. @param {Client} own */
  const live = async (own) => {
    const { activityTypes } = await own.getPolicy();
    const { activityType, fields } = activityTypes[Math.floor(Math.random() * activityTypes.length)];
    const metadata = Object.fromEntries(fields.map((field) => [field.name, usual(field)]));
    await own.recordActivity(/** @type {any} */ ({ activityType, metadata, ...(zone && { timeZone: zone }) }));
  };

  const play = async () => {
    state.isPlaying = !state.isPlaying;
    draw();
    for (let day = 0; day < MONTH_DAYS && state.isPlaying && client; day++) {
      state.most = Math.max(state.most, time.ahead() / DAY_MS + 1);
      time.move(time.ahead() + DAY_MS);
      draw();
      const isActive = state.habit === "always" || (state.habit === "mostly" && Math.random() < MOST_DAYS);
      await (isActive ? live(client) : client.getStreak()).catch(() => {});
      await pause(PAUSE_MS);
    }
    state.isPlaying = false;
    draw();
  };

  const draw = () => {
    const days = time.ahead() / DAY_MS;
    const moment = new Date(time.clock.now()).toLocaleString(language, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    patch(
      tools,
      toolsView({
        ...state,
        words,
        days,
        moment,
        slide,
        choose: (habit) => void (state.habit = habit),
        play: () => void play(),
        toggle: () => ((state.isOpen = !state.isOpen), draw()),
        copy: async (name, text) => {
          await navigator.clipboard.writeText(text);
          state.copied = name;
          draw();
        },
      }),
    );
    // What was moved by hand keeps its own value, whatever the attribute says.
    const slider = tools.querySelector("input");
    if (slider) slider.value = String(days);
  };

  /** @param {Client} own */
  const began = (own) => {
    client = own;
    // Time never lies before the user's last command.
    own.watchStreak(({ document }) => {
      zone = document?.timeZone;
      state.least = document?.updatedAt ? Math.max(0, (Date.parse(document.updatedAt) - Date.now()) / DAY_MS) : 0;
      if (time.ahead() < state.least * DAY_MS) slide(state.least);
      state.most = Math.max(state.most, state.least + MONTH_DAYS);
      draw();
    });
  };

  const choose = () => {
    const uid = decodeURIComponent(location.hash.slice(1));
    time.move(0);
    Object.assign(state, { least: 0, most: MONTH_DAYS, isPlaying: false });
    [client, user, zone] = [null, null, undefined];
    tools.hidden = !uid;
    signedOut();
    if (!uid) {
      patch(place, welcome());
      return;
    }
    user = {
      name: uid,
      // Each client begins with nothing, so that none knows of a future that time went back from.
      get options() {
        return { userId: uid, getToken: () => unsignedToken(uid, Date.now()), storage: memoryStorage(), fetch: time.fetch, clock: time.clock };
      },
      zone: () => zone,
      began,
      leave: () => void (location.hash = ""),
    };
    signedIn(user);
    draw();
  };

  const welcome = () => {
    const submitted = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      location.hash = encodeURIComponent(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("uid")));
    };
    const users = DEMO.map((uid) => h("li", null, h("a", { class: "person", href: `#${uid}` }, h("strong", null, uid), h("span", { class: "muted" }, words.say(`page_${uid}`)))));
    return [
      h(
        "section",
        { class: "card welcome" },
        h("h2", null, words.say("page_whose")),
        h("p", { class: "muted" }, words.say("page_local")),
        h("ul", { class: "people" }, users),
        h("form", { onsubmit: submitted }, h("label", { class: "field" }, words.say("page_new"), h("input", { name: "uid", required: true, maxlength: 128, autocomplete: "off" })), h("button", null, words.say("page_begin"))),
      ),
    ];
  };

  window.addEventListener("hashchange", choose);
  choose();
};
