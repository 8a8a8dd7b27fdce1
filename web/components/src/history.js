// `<streak-history>`: what happened, page by page, and why. Must not know how that is put.

/** @import { Client, EventPage, Explanation, Shown } from "unbroken-client" */
import { historyView } from "./history-view.js";
import { LoadedElement } from "./loaded-element.js";
import { createLoading } from "./loading.js";

const EVENTS_A_PAGE = 20;
const EXPLAINED_DAYS = 21;

/** The page that follows, behind those that are known. @param {Client} client @param {EventPage | null} known @returns {Promise<EventPage>} */
export const nextPage = async (client, known) => {
  const page = await client.listEvents({ pageSize: EVENTS_A_PAGE, ...(known?.nextPageToken && { pageToken: known.nextPageToken }) });
  return { ...page, events: [...(known?.events ?? []), ...page.events] };
};

/** @extends {LoadedElement<EventPage>} */
export class StreakHistory extends LoadedElement {
  /** @type {string | null} */
  #opened = null;
  /** @type {ReturnType<typeof createLoading<Explanation>>} */
  #why = createLoading(
    () => (this.client ? this.client.explainDays({ days: EXPLAINED_DAYS }) : Promise.reject(new Error("no client"))),
    () => this.draw(),
  );

  /** @param {string} eventId */
  #toggle(eventId) {
    this.#opened = this.#opened === eventId ? null : eventId;
    if (this.#opened) void this.#why.load();
    this.draw();
  }

  /** @override */
  forget() {
    super.forget();
    this.#why.forget();
    this.#opened = null;
  }

  /** @override @param {Client} client */
  ask(client) {
    return nextPage(client, null);
  }

  /** @override */
  view() {
    const { client } = this;
    if (!client) return { nodes: [], next: null };
    const more = () => void this.reload((known) => nextPage(client, known));
    const opened = { opened: this.#opened, why: this.#why.state(), toggle: (/** @type {{ eventId: string }} */ { eventId }) => this.#toggle(eventId), more };
    return { nodes: historyView({ ...this.loaded, ...opened }), next: null };
  }
}
