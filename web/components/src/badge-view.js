// What `<streak-badge>` shows of a streak at a moment. Pure: must not know a clock or the DOM.

/** @import { Shown } from "unbroken-client" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { h, heard } from "./nodes.js";
import { flame } from "./pictures.js";

/**
 * When an activity is needed at the latest, and whether the streak ends else; null where none is needed today.
 *
 * @param {Shown} shown
 */
export const deadlineOf = (shown) => {
  const { document, status, isKnown } = shown;
  if (!isKnown || status !== "pending" || !document?.expiresAt) return null;
  const expiresAt = Date.parse(document.expiresAt);
  const after = document.timeline.find(({ from }) => Date.parse(from) >= expiresAt);
  // Beyond what was foretold nobody knows what a freeze would do: the worse is said.
  return { expiresAt, ends: !after?.currentStreak };
};

/**
 * @param {{ shown: Shown, now: number, words: Words }} state
 * @returns {{ nodes: Node[], next: number | null }} and in how many milliseconds it is to be drawn again
 */
export const badgeView = ({ shown, now, words }) => {
  if (!shown.isKnown) {
    return { nodes: [h("div", { class: "badge unknown" }, flame(), h("span", { class: "length", "aria-hidden": "true" }, "–"), heard(words.say("unknown")))], next: null };
  }
  const { currentStreak, status } = shown;
  const deadline = deadlineOf(shown);
  const span = deadline && deadline.expiresAt > now ? words.span(deadline.expiresAt - now) : null;
  const name = currentStreak ? words.say("length", { count: currentStreak }) : words.say("none");
  const nodes = [
    h(
      "div",
      { class: `badge ${currentStreak ? status : "none"}` },
      flame(),
      h("span", { class: "length", "aria-hidden": "true" }, words.number(currentStreak)),
      // Said when it changes; the time that is left is not, or it would be said each minute.
      h("span", { class: "heard", role: "status" }, status === "none" || !currentStreak ? name : `${name}. ${words.say(status)}.`),
      span && h("span", { class: "deadline", role: "timer" }, words.say(deadline?.ends ? "dueEnds" : "dueFreeze", { left: span.text })),
    ),
  ];
  return { nodes, next: span?.next ?? null };
};
