// `<streak-calendar months="1">`: a month to a year, and where the focus is in it. Must not know how that is put.

/** @import { Calendar, Client } from "unbroken-client" */
import { calendarView, daysFor, monthsOf, movedBy, shownDays } from "./calendar-view.js";
import { LoadedElement } from "./loaded-element.js";

/** @extends {LoadedElement<Calendar>} */
export class StreakCalendar extends LoadedElement {
  static observedAttributes = ["lang", "months"];
  /** @type {string | null} */
  #chosen = null;
  /** @type {string | null} */
  #hovered = null;
  #acts = {
    choose: (/** @type {string} */ date) => {
      if (date === this.#chosen) return;
      this.#chosen = date;
      this.draw();
    },
    hover: (/** @type {string | null} */ date) => {
      this.#hovered = date;
      this.draw();
    },
    press: (/** @type {KeyboardEvent} */ event) => this.#press(event),
  };

  get months() {
    return monthsOf(this.getAttribute("months"));
  }

  set months(months) {
    this.setAttribute("months", String(months));
  }

  /** @override @param {string} name */
  attributeChangedCallback(name) {
    super.attributeChangedCallback(name);
    if (name === "months" && this.isConnected && this.shown) void this.reload();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const { data } = this.loaded;
    if (!data || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const days = shownDays(data, this.months);
    const isShown = days.some(({ date }) => date === this.#chosen);
    const around = { first: days[0].date, last: data.today, isRightToLeft: this.isRightToLeft };
    const moved = movedBy((isShown && this.#chosen) || data.today, event.key, around);
    if (!moved) return;
    event.preventDefault();
    // The cell that gets the focus is chosen by that.
    /** @type {HTMLElement | null | undefined} */ (this.shadowRoot?.querySelector(`[data-day="${moved}"]`))?.focus();
  }

  /** @override */
  forget() {
    super.forget();
    this.#chosen = null;
    this.#hovered = null;
  }

  /** @override @param {Client} client */
  ask(client) {
    return client.getCalendar({ days: daysFor(this.months) });
  }

  /** @override */
  view() {
    const state = { ...this.loaded, months: this.months, chosen: this.#chosen, hovered: this.#hovered, acts: this.#acts };
    return { nodes: this.client ? calendarView(state) : [], next: null };
  }
}
