// What `<streak-offers>` shows: what the user could do now, until when, and what it would lead to. Pure: must not know the DOM.

/** @import { Offer, OffersAnswer } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
/** @import { Node } from "./nodes.js" */
/** @import { Outcome } from "./once.js" */
/** @import { Words } from "./words.js" */
import { h } from "./nodes.js";
import { COMMANDS, idOf } from "./taking.js";

/** Those that can still be taken, and that this version knows. @param {Offer[]} offers @param {number} now */
export const openOffers = (offers, now) => offers.filter(({ kind, until }) => Object.hasOwn(COMMANDS, kind) && Date.parse(until) > now);

/** @typedef {{ now: number, busy: string | null, outcome: Outcome | null, take: (offer: Offer) => void }} Taking */

/** @param {Offer} offer @param {Taking & { words: Words }} state */
const row = (offer, { now, busy, take, words }) => {
  const { kind, day, until, needs, currentStreakAfter } = offer;
  const left = words.span(Date.parse(until) - now).text;
  const leads = words.say("offerLeads", { streak: words.say("length", { count: currentStreakAfter }) });
  const isBusy = busy === idOf(offer);
  return h(
    "li",
    { class: "offer" },
    h("p", { class: "what" }, words.say(`offer_${kind}`, { day: words.day(day) })),
    h("p", { class: "muted" }, `${leads} · ${words.say("offerUntil", { left })}`),
    needs > 0
      ? h("p", null, words.say("offerNeeds", { count: needs }))
      : // It keeps the focus while it is carried out.
        h("button", { type: "button", "aria-disabled": busy ? "true" : null, onclick: () => take(offer) }, words.say(isBusy ? "taking" : `take_${kind}`)),
  );
};

/** @param {Loaded<OffersAnswer> & Taking} state @returns {{ nodes: Node[], next: number | null }} */
export const offersView = (state) => {
  const { data, failed, now, outcome, words, again } = state;
  const offers = data ? openOffers(data.offers, now) : [];
  const nothing = failed
    ? [h("p", null, words.say("failed")), h("button", { type: "button", onclick: again }, words.say("again"))]
    : data && [h("p", { class: "muted" }, words.say("offersNone"))];
  const nodes = [
    h(
      "div",
      { role: "group", "aria-label": words.say("offers"), "aria-busy": !data && !failed && "true" },
      offers.length ? h("ul", { class: "offers", role: "list" }, offers.map((offer) => row(offer, state))) : nothing,
      h("p", { role: "status" }, outcome ? words.say(`outcome_${outcome}`) : ""),
    ),
  ];
  const nexts = offers.map(({ until }) => words.span(Date.parse(until) - now).next);
  return { nodes, next: nexts.length ? Math.max(1, Math.min(...nexts)) : null };
};
