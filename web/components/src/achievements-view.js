// What `<streak-achievements>` shows: what each asks for, how far the user has come, and since when it is earned. Pure: must not know the DOM.

/** @import { Achievement, Achievements } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { bar } from "./goal-bar.js";
import { loadedView } from "./loading-view.js";
import { h } from "./nodes.js";
import { pictureOf } from "./pictures.js";

/** What it asks for; nothing where it is of a later version. @param {Achievement} one @param {Words} words */
export const asks = ({ by, target, days = [], daysAway = 0 }, words) => {
  if (by === "day_of_year") return words.say("by_day_of_year", { count: days.length, days: words.list(days.map(words.dayOfYear)) });
  return words.say(`by_${by}`, { count: by === "comeback" ? daysAway : target });
};

/** @param {Achievement} one @param {Words} words */
const row = (one, words) => {
  const { achievement, target, progress, earnedAt, offered } = one;
  const name = words.name("achievement", achievement);
  const what = asks(one, words);
  const drawn = earnedAt ? "award" : "pending";
  return h(
    "li",
    { class: earnedAt ? "goal earned" : "goal" },
    h("span", { class: `disc v v-${drawn}`, "aria-hidden": "true" }, pictureOf(drawn)),
    h("p", { class: "what" }, h("bdi", null, name)),
    what && h("p", { class: "muted small" }, what),
    earnedAt
      ? h("p", { class: "when" }, [words.say("earnedOn", { day: words.dateOf(earnedAt) }), !offered && words.say("offeredNoMore")].filter(Boolean).join(" · "))
      : bar(progress, target, name, words),
  );
};

/** @param {Loaded<Achievements>} state @returns {Node[]} */
export const achievementsView = (state) => {
  const { words } = state;
  return loadedView(state, words.say("achievements"), ({ achievements }) => {
    const done = achievements.filter(({ earnedAt }) => earnedAt).length;
    const nodes = achievements.length
      ? [
          h("p", { class: "head" }, words.say("achievementsEarned", { done, total: achievements.length })),
          h("ul", { class: "goals", role: "list" }, achievements.map((one) => row(one, words))),
        ]
      : [h("p", { class: "muted" }, words.say("achievementsNone"))];
    return { asOf: null, nodes };
  });
};
