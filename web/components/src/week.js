// `<streak-week>`: this week, its categories and the bonus. Must not know how that is put.

/** @import { Client } from "unbroken-client" */
/** @import { Week } from "./week-view.js" */
import { LoadedElement } from "./loaded-element.js";
import { weekView } from "./week-view.js";

/** @extends {LoadedElement<Week>} */
export class StreakWeek extends LoadedElement {
  /** @override @param {Client} client */
  async ask(client) {
    const [consistency, calendar] = await Promise.all([client.getConsistency(), client.getCalendar({ days: 7 })]);
    return { consistency, calendar };
  }

  /** @override */
  view() {
    return { nodes: this.client ? weekView(this.loaded) : [], next: null };
  }
}
