// How far a user has come with achievements and challenges, and joining and leaving for them. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Achievement, Challenge } from "../client/src/index.js" */
/** @import { Around } from "./screens.js" */
import { asks } from "../components/src/achievements-view.js";
import { counted } from "../components/src/challenges-view.js";
import { h } from "../components/src/nodes.js";
import { ACTS, mayDo } from "./acts.js";
import { actButtons, formView } from "./form-view.js";
import { day, moment, partView } from "./part-view.js";
import { tableView } from "./table-view.js";

/** @param {string[]} names @param {Around["words"]} words */
const columnsOf = (names, words) => names.map((name) => ({ name, title: words.say(`admin_column_${name}`), isNumber: name === "progress" }));

/** @param {{ progress: number, target: number }} one @param {Around["words"]} words */
const progressOf = ({ progress, target }, words) => words.say("goalOf", { done: progress, total: target });

/** @param {Around} around @returns {Node[]} */
export const achievementsView = (around) =>
  partView(around, "achievements", (/** @type {{ achievements: Achievement[] }} */ { achievements }) => {
    const { words } = around;
    const rows = achievements.map((one) => [
      h("code", null, one.achievement),
      one.offered ? asks(one, words) : `${asks(one, words)} (${words.say("offeredNoMore")})`,
      progressOf(one, words),
      moment(one.earnedAt),
    ]);
    return [tableView({ title: words.say("achievements"), columns: columnsOf(["name", "asks", "progress", "earned"], words), rows, none: words.say("achievementsNone") })];
  });

/** @param {Challenge} one @param {Around["words"]} words */
const standing = ({ joined, completed }, words) => words.say(completed ? "challengeDone" : joined ? "admin_joined" : "admin_notJoined");

/** @param {Around} around @param {string} uid @returns {Node[]} */
export const challengesView = (around, uid) =>
  partView(around, "challenges", (/** @type {{ challenges: Challenge[] }} */ { challenges }) => {
    const { words, role, wish, part } = around;
    const today = part("streak").data?.today ?? "";
    const { joinChallenge, leaveChallenge } = ACTS;
    const rows = challenges.map((one) => {
      const { challenge, from, until, joined, completed, reward } = one;
      const act = joined ? leaveChallenge : joinChallenge;
      const may = !completed && until >= today && mayDo(act, role);
      return [
        h("code", null, challenge),
        counted(one, words),
        [day(from), " – ", day(until)],
        reward.xp ? words.say("xp", { count: reward.xp }) : words.say("freezes", { count: reward.freezes }),
        progressOf(one, words),
        standing(one, words),
        may ? actButtons(around, [act], { uid, challenge }, challenge) : "",
      ];
    });
    return [
      tableView({ title: words.say("challenges"), columns: columnsOf(["name", "asks", "days", "reward", "progress", "state", "change"], words), rows, none: words.say("challengesNone") }),
      ...formView(around, [joinChallenge, leaveChallenge], `${wish.open?.about.challenge ?? ""} (${uid})`),
    ];
  });
