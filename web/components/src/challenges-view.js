// What `<streak-challenges>` shows: what each asks for, in which days and for what, how far the user has come, and a tap to join or leave. Pure: must not know the DOM.

/** @import { Challenge, Challenges } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Doing } from "./once.js" */
/** @import { Words } from "./words.js" */
import { daysBetween } from "./days.js";
import { bar } from "./goal-bar.js";
import { loadedView } from "./loading-view.js";
import { h } from "./nodes.js";
import { outcomeView } from "./outcome-view.js";
import { pictureOf } from "./pictures.js";
import { tapView } from "./taps.js";

/**
 * `asked` is the one that a tap on “leave” was about, which asks once more; `begin`, `leave` and `stay` are about that.
 *
 * @typedef {{ asked: string | null, join: (name: string) => void, begin: (name: string) => void, leave: (name: string) => void, stay: () => void }} Joining
 */
/** @typedef {Joining & Doing & { today: string | null, words: Words }} State */

/** Whether its days are over, as far as it is known which day it is. @param {Challenge} one @param {string | null} today */
const isOver = ({ until }, today) => today !== null && until < today;

/** What it asks for. @param {Challenge} one @param {Words} words */
export const counted = ({ target, categories, activityTypes }, words) => {
  const activities = words.say("activities", { count: target });
  const kinds = [...categories.map((one) => words.name("category", one)), ...activityTypes.map((one) => words.name("type", one))];
  return kinds.length ? words.say("challengeKinds", { activities, kinds: words.list(kinds) }) : activities;
};

/** Which days, and how many of them there are from today on. @param {Challenge} one @param {State} state */
const window = (one, { today, words }) => {
  const days = words.days(one.from, one.until);
  if (today === null) return days;
  if (isOver(one, today)) return `${days} · ${words.say("challengeOver")}`;
  if (today < one.from) return `${days} · ${words.say("challengeBegins", { count: daysBetween(today, one.from) })}`;
  return `${days} · ${words.say("daysLeft", { count: daysBetween(today, one.until) + 1 })}`;
};

/** @param {Challenge} one @param {string} name @param {State} state */
const taps = (one, name, state) => {
  const { today, asked, join, begin, leave, stay } = state;
  const { challenge } = one;
  if (one.completed || isOver(one, today)) return null;
  const tap = (/** @type {string} */ what, /** @type {() => void} */ onclick, isMain = false) => tapView(state, { what, name, isMain, id: `${what}Challenge ${challenge}`, onclick });
  if (!one.joined) return h("div", { class: "taps" }, tap("join", () => join(challenge), true));
  if (asked !== challenge) return h("div", { class: "taps" }, tap("leave", () => begin(challenge)));
  // Where “leave” was is “stay”, so that a second tap by mistake changes nothing.
  return h("div", { class: "taps" }, tap("stay", stay), tap("leave", () => leave(challenge)));
};

/** @param {Challenge} one @param {State} state */
const row = (one, state) => {
  const { words, asked } = state;
  const { challenge, target, progress, joined, completed, reward } = one;
  const name = words.name("challenge", challenge);
  const drawn = completed ? "award" : "pending";
  const given = reward.xp ? words.say("xp", { count: reward.xp }) : words.say("freezes", { count: reward.freezes });
  return h(
    "li",
    { class: completed ? "goal earned" : "goal" },
    h("span", { class: `disc v v-${drawn}`, "aria-hidden": "true" }, pictureOf(drawn)),
    h("p", { class: "what" }, h("bdi", null, name)),
    h("p", { class: "small" }, counted(one, words)),
    h("p", { class: "muted small" }, window(one, state)),
    h("p", { class: "muted small" }, words.say("reward", { reward: given })),
    completed ? h("p", { class: "when" }, words.say("challengeDone")) : joined && bar(progress, target, name, words),
    h("p", { class: asked === challenge && "asks", role: "status" }, asked === challenge && words.say("leaveAsks")),
    taps(one, name, state),
  );
};

/** @param {Loaded<Challenges> & Joining & Doing} state @returns {Node[]} */
export const challengesView = (state) => {
  const { words } = state;
  return loadedView(state, words.say("challenges"), ({ challenges }) => ({
    asOf: null,
    nodes: [
      challenges.length
        ? h("ul", { class: "goals", role: "list" }, challenges.map((one) => row(one, state)))
        : h("p", { class: "muted" }, words.say("challengesNone")),
      outcomeView(state, words),
    ],
  }));
};
