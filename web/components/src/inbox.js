// `<streak-inbox>`: what the user was told, page by page, and how much of it is unread. Must not know how that is put.

/** @import { Client, NoticePage } from "unbroken-client" */
/** @import { Outcome } from "./once.js" */
import { inboxView } from "./inbox-view.js";
import { NoticeElement } from "./notice-element.js";
import { isCut } from "./once.js";

const NOTICES_A_PAGE = 20;

/** The page that follows, behind those that are known. @param {Client} client @param {NoticePage | null} known @returns {Promise<NoticePage>} */
export const nextNotices = async (client, known) => {
  const page = await client.listNotices({ pageSize: NOTICES_A_PAGE, ...(known?.nextPageToken && { pageToken: known.nextPageToken }) });
  return { ...page, notices: [...(known?.notices ?? []), ...page.notices] };
};

/** @extends {NoticeElement<NoticePage>} */
export class StreakInbox extends NoticeElement {
  #busy = false;
  /** What became of marking them, where it was not done. @type {Outcome | null} */
  #outcome = null;
  #turn = 0;
  // What is told while nobody looks is there when somebody does.
  #looked = () => void (document.visibilityState === "visible" && this.shown && this.reload());

  /** How many notices are unread, as far as it is known; null before. */
  get unread() {
    return this.loaded.data?.unread ?? null;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#looked);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#looked);
  }

  /** Up to the last one that is shown: what has come since is still unread. */
  async #read() {
    const { client } = this;
    const [last] = this.loaded.data?.notices ?? [];
    if (!client || !last || this.#busy) return;
    const own = this.#turn;
    [this.#busy, this.#outcome] = [true, null];
    this.draw();
    const outcome = await client.readNotices({ upTo: last.at }).then(() => null, (error) => (isCut(error) ? "cut" : "refused"));
    if (own !== this.#turn) return;
    [this.#busy, this.#outcome] = [false, outcome];
    await this.reload();
  }

  /** @override */
  forget() {
    super.forget();
    this.#turn += 1;
    [this.#busy, this.#outcome] = [false, null];
  }

  /** @override @param {Client} client */
  ask(client) {
    return nextNotices(client, null);
  }

  /** @override */
  view() {
    const { client } = this;
    if (!client) return { nodes: [], next: null };
    const more = () => void this.reload((known) => nextNotices(client, known));
    return { nodes: inboxView({ ...this.loaded, busy: this.#busy, outcome: this.#outcome, read: () => void this.#read(), more }), next: null };
  }
}
