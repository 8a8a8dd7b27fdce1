// What `<streak-leaderboard>` shows: who leads, where the user stands and who is around, and under which name the user takes part. Pure: must not know the DOM.

/** @import { BoardRow, Leaderboard, Seat } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Element, Node } from "./nodes.js" */
/** @import { Doing } from "./once.js" */
/** @import { Words } from "./words.js" */
import { loadedView } from "./loading-view.js";
import { h, heard } from "./nodes.js";
import { outcomeView } from "./outcome-view.js";
import { tapView } from "./taps.js";

export const SPANS = /** @type {const} */ (["week", "month", "all"]);
export const PERIODS = /** @type {const} */ (["current", "last"]);
export const RANKED_BY = /** @type {const} */ (["xp", "streak"]);
/** So many lead before somebody wants to see all; and as many characters has a name. */
const FIRST = 10;
export const NAME_MAX = 32;

/**
 * @typedef {{ board: Leaderboard, seat: Seat }} Standing
 * @typedef {typeof SPANS[number]} Span
 * @typedef {typeof PERIODS[number]} Period
 * @typedef {typeof RANKED_BY[number]} By
 * @typedef {{
 *   span: Span, period: Period, by: By, isWhole: boolean, asked: boolean, isRenaming: boolean,
 *   choose: (what: { span: Span } | { period: Period } | { by: By }) => void, whole: (isWhole: boolean) => void,
 *   join: (name: string) => void, move: () => void, rename: () => void, begin: () => void, leave: () => void, stay: () => void,
 * }} Taking
 */
/** @typedef {Taking & Doing & { words: Words }} State */

/** What a score is, in words. @param {number} score @param {string} by @param {Words} words */
const scored = (score, by, words) => (by === "xp" ? words.say("xp", { count: score }) : words.say("days", { count: score }));

/** Whether nobody comes on it any more. @param {{ span: Span, period: Period }} state */
const isOver = ({ span, period }) => span !== "all" && period === "last";

/** @template {string} Name @param {string} title @param {readonly Name[]} names @param {Name} chosen @param {(name: Name) => void} choose @param {Words} words @param {string} of */
const switchView = (title, names, chosen, choose, words, of = title) =>
  h(
    "div",
    { class: "switch", role: "group", "aria-label": words.say(title) },
    names.map((name) => h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, words.say(`${of}_${name}`))),
  );

/** Which days the board is of. @param {Leaderboard} board @param {Words} words */
const labelOf = ({ span, period, final }, words) => {
  const days = period === null ? words.say("span_all") : span === "week" ? words.say("weekOf", { day: words.day(period) }) : words.month(period);
  return final ? `${days} · ${words.say("boardFinal")}` : days;
};

/** @param {string} title @param {BoardRow[]} rows @param {Leaderboard["by"]} by @param {Words} words */
const tableView = (title, rows, by, words) =>
  h(
    "table",
    { class: "board" },
    h("caption", null, heard(title)),
    h("thead", null, h("tr", null, h("th", { scope: "col", class: "rank" }, words.say("rank")), h("th", { scope: "col" }, words.say("who")), h("th", { scope: "col", class: "score" }, words.say(`ranked_by_${by}`)))),
    h(
      "tbody",
      null,
      rows.map(({ rank, name, score, me }) =>
        h(
          "tr",
          { class: [me && "me", rank <= 3 && "first"].filter(Boolean).join(" ") || null, "aria-current": me && "true" },
          h("td", { class: "rank" }, words.number(rank)),
          h("td", { class: "who" }, h("bdi", null, name), me && ` (${words.say("you")})`),
          h("td", { class: "score" }, scored(score, by, words)),
        ),
      ),
    ),
  );

/** Whether the user takes part, but not in the group that is looked at. @param {Standing} standing */
const isElsewhere = ({ board, seat }) => seat.joined && board.group !== null && board.group !== seat.group;

/** Where the user stands, and those around where they are not among those who are shown. @param {Standing} standing @param {number} shown @param {State} state */
const own = (standing, shown, state) => {
  const { board, seat } = standing;
  const { words } = state;
  if (!seat.joined) return [];
  const { me, around, top } = board;
  if (!me) {
    return seat.hidden || isElsewhere(standing) || isOver(state) ? [] : [h("p", { class: "own" }, words.say("boardNotYet"))];
  }
  const said = words.say(me.exact ? "boardRank" : "boardRankOver", { rank: words.number(me.exact ? me.rank : me.rank - 1) });
  const isShown = top.slice(0, shown).some((row) => row.me);
  return [h("p", { class: "own" }, said), !isShown && around.length > 0 && tableView(words.say("boardAround"), around, board.by, words)];
};

/** @param {Standing} standing @param {State} state @returns {(Node | false)[]} */
const seatView = (standing, state) => {
  const { joined, name, hidden } = standing.seat;
  const { words, busy, asked, isRenaming, join, move, rename, begin, leave, stay } = state;
  if (!joined || isRenaming) {
    const submitted = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      join(String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("name") ?? ""));
    };
    return [
      h(
        "form",
        { onsubmit: submitted },
        h("label", { class: "field" }, words.say("name"), h("input", { name: "name", required: true, maxlength: NAME_MAX, autocomplete: "nickname", value: name ?? "" })),
        h("p", { class: "muted hint" }, words.say("boardJoinHint")),
        h(
          "div",
          { class: "taps" },
          h("button", { class: "main", "aria-disabled": busy && "true" }, words.say(busy === "join" ? "taking" : joined ? "boardRename" : "boardJoin")),
          isRenaming && tapView(state, { what: "cancel", onclick: stay }),
        ),
      ),
    ];
  }
  return [
    h("p", null, words.say("boardAs", { name: name ?? "" })),
    hidden && h("p", { class: "muted" }, words.say("boardHidden")),
    h("p", { class: asked && "asks", role: "status" }, asked && words.say("boardLeaveAsks")),
    asked
      ? // Where it was asked is “cancel”, so that a second tap by mistake changes nothing.
        h("div", { class: "taps" }, tapView(state, { what: "cancel", onclick: stay }), tapView(state, { what: "boardLeave", id: "leave", onclick: leave }))
      : h("div", { class: "taps" }, isElsewhere(standing) && tapView(state, { what: "boardMove", id: "join", onclick: move }), tapView(state, { what: "boardLeave", onclick: begin }), tapView(state, { what: "boardRename", onclick: rename })),
  ];
};

/** @param {Loaded<Standing> & Taking & Doing} state @returns {Node[]} */
export const leaderboardView = (state) => {
  const { words, span, period, by, isWhole, choose, whole } = state;
  return [
    h(
      "div",
      { class: "switches" },
      switchView("span", SPANS, span, (one) => choose({ span: one }), words),
      span !== "all" && switchView("period", PERIODS, period, (one) => choose({ period: one }), words, span),
      switchView("ranked_by", RANKED_BY, by, (one) => choose({ by: one }), words),
    ),
    ...loadedView(state, words.say("leaderboard"), (standing) => {
      const { board } = standing;
      const shown = isWhole ? board.top.length : FIRST;
      const label = labelOf(board, words);
      return {
        asOf: null,
        nodes: /** @type {Node[]} */ (
          [
            h("p", { class: "label" }, label),
            board.top.length ? tableView(label, board.top.slice(0, shown), board.by, words) : h("p", { class: "muted" }, words.say(isOver(state) ? "boardNobody" : "boardNone")),
            board.top.length > FIRST && h("button", { type: "button", "aria-expanded": String(isWhole), onclick: () => whole(!isWhole) }, isWhole ? words.say("boardFewer") : words.say("boardAll", { count: board.top.length })),
            ...own(standing, shown, state),
            ...seatView(standing, state),
            outcomeView(state, words),
          ].filter(Boolean)
        ),
      };
    }),
  ];
};
