// What everybody is excused from: declared, withdrawn, and how far those it concerns are judged anew. Pure: must not know the DOM.

/** @import { Node } from "../components/src/nodes.js" */
/** @import { Amnesty } from "../client/src/index.js" */
/** @import { Question } from "./parts.js" */
/** @import { Around } from "./screens.js" */
import { h } from "../components/src/nodes.js";
import { ACTS, mayDo } from "./acts.js";
import { actButtons, formView } from "./form-view.js";
import { card, facts, moment, momentText, partView, plain } from "./part-view.js";

// The last ones are looked at by themselves; of those of long ago nothing goes on.
const LOOKED_AT = 5;

/** @param {string} id */
const partOf = (id) => `amnesty ${id}`;

/** @type {Record<string, Question>} */
export const AMNESTY_QUESTIONS = {
  amnesties: {
    name: "listAmnesties",
    follow: ({ amnesties }) => Object.fromEntries(amnesties.slice(-LOOKED_AT).map((/** @type {Amnesty} */ { id }) => [partOf(id), { name: "getAmnesty", input: { amnestyId: id } }])),
  },
};

/** @param {Amnesty} one */
const rangeOf = ({ from, until, withdrawnAt }) => `${momentText(from)} – ${momentText(withdrawnAt && withdrawnAt < until ? withdrawnAt : until)}`;

/** @param {Amnesty} one @param {Around} around */
const row = (one, around) => {
  const { words, role, part } = around;
  const { id, reason, by, declaredAt, withdrawnAt } = one;
  const range = rangeOf(one);
  const { data } = part(partOf(id));
  const judged = data?.judgedAnew;
  const isOpen = around.wish.open?.act === ACTS.withdrawAmnesty && around.wish.open.about.amnestyId === id;
  return h(
    "li",
    { class: "entry" },
    h("p", null, h("strong", null, range)),
    h("p", { class: "reason" }, reason),
    facts([
      [words.say("admin_by"), by],
      [words.say("admin_declared"), moment(declaredAt)],
      [words.say("admin_withdrawn"), withdrawnAt ? moment(withdrawnAt) : undefined],
      [words.say("admin_judged"), judged && words.name("admin_judging", judged.state)],
      [words.say("admin_users"), judged && plain(judged.users, words)],
      [words.say("admin_errors"), judged && plain(judged.errors, words)],
    ]),
    !withdrawnAt && mayDo(ACTS.withdrawAmnesty, role) && actButtons(around, [ACTS.withdrawAmnesty], { amnestyId: id }, range),
    isOpen && formView(around, [ACTS.withdrawAmnesty], range),
  );
};

/** @param {Around} around @returns {Node[]} */
export const amnestiesView = (around) => {
  const { words, role, refresh, wish } = around;
  return [
    h("h1", { tabindex: -1 }, words.say("admin_amnesties")),
    card(words.say("admin_excused"), [
      h("p", { class: "muted" }, words.say("admin_amnestyHint")),
      mayDo(ACTS.declare, role) && actButtons(around, [ACTS.declare], {}),
      // Where one is withdrawn, the form is at that one; what became of it is said here.
      ...formView(around, wish.open?.act === ACTS.withdrawAmnesty ? [] : [ACTS.declare, ACTS.withdrawAmnesty], words.say("admin_everybodyAbout")),
      ...partView(around, "amnesties", ({ amnesties }) => [
        amnesties.length ? h("ol", { class: "entries" }, [...amnesties].reverse().map((one) => row(one, around))) : h("p", null, words.say("admin_noAmnesties")),
        h("button", { type: "button", onclick: refresh }, words.say("admin_anew")),
      ]),
    ]),
  ];
};
