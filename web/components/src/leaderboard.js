// `<streak-leaderboard span="week" period="current" by="xp" group="…">`: who leads, and taking part under a name. Must not know how that is put.

/** @import { Client } from "unbroken-client" */
/** @import { By, Period, Span, Standing } from "./leaderboard-view.js" */
import { LoadedElement } from "./loaded-element.js";
import { leaderboardView, PERIODS, RANKED_BY, SPANS } from "./leaderboard-view.js";
import { createOnce } from "./once.js";
import { OTHERS_STYLES } from "./others-styles.js";

/** The one that an attribute names, of those that there are. @template {string} Name @param {readonly Name[]} names @param {string | null} text */
const oneOf = (names, text) => names.find((one) => one === text) ?? names[0];

/** @extends {LoadedElement<Standing>} */
export class StreakLeaderboard extends LoadedElement {
  static styles = OTHERS_STYLES;
  static observedAttributes = ["lang", "span", "period", "by", "group"];
  #once = createOnce(() => this.draw());
  #isWhole = false;
  #asked = false;
  #isRenaming = false;

  get #group() {
    return this.getAttribute("group") || undefined;
  }

  /** Which one is shown. */
  get #board() {
    return { span: oneOf(SPANS, this.getAttribute("span")), period: oneOf(PERIODS, this.getAttribute("period")), by: oneOf(RANKED_BY, this.getAttribute("by")) };
  }

  /** Another board is asked for; meanwhile the one of before is shown by its own days. @override @param {string} name */
  attributeChangedCallback(name) {
    super.attributeChangedCallback(name);
    if (name === "lang" || !this.shown) return;
    this.#isWhole = false;
    if (name === "group") this.forget();
    void this.reload();
  }

  /** @param {{ isWhole?: boolean, asked?: boolean, isRenaming?: boolean }} change */
  #change({ isWhole = this.#isWhole, asked = false, isRenaming = false }) {
    const held = this.#held;
    [this.#isWhole, this.#asked, this.#isRenaming] = [isWhole, asked, isRenaming];
    this.draw();
    this.#hold(held);
  }

  get #held() {
    return this.shadowRoot?.activeElement != null;
  }

  /** What had the focus may be gone: then where a name is changed has it, else what comes last, which brings up no keyboard. @param {boolean} isHeld */
  #hold(isHeld) {
    // Whoever has gone on to something else stays there.
    if (!isHeld || document.activeElement !== document.body) return;
    const taps = [...(this.shadowRoot?.querySelectorAll("button") ?? [])];
    const place = this.#isRenaming ? this.shadowRoot?.querySelector("input") : taps.at(-1);
    place?.focus();
  }

  /** @param {string} id @param {(client: Client, options: { idempotencyKey: string | undefined }) => Promise<unknown>} send @param {string} [said] */
  async #send(id, send, said = "") {
    const { client } = this;
    if (!client) return;
    const held = this.#held;
    await this.#once.run(id, (options) => send(client, options), said);
    if (this.#once.state().outcome === "taken") [this.#asked, this.#isRenaming] = [false, false];
    await this.reload();
    this.#hold(held);
  }

  /** @override */
  forget() {
    super.forget();
    this.#once.forget();
    [this.#isWhole, this.#asked, this.#isRenaming] = [false, false, false];
  }

  /** @override @param {Client} client */
  async ask(client) {
    const [{ span, period, by }, group] = [this.#board, this.#group];
    const last = span !== "all" && period === "last" && { period };
    const [board, seat] = await Promise.all([client.getLeaderboard({ span, by, ...last, ...(group && { group }) }), client.getSeat()]);
    return { board, seat };
  }

  /** @override */
  view() {
    if (!this.client) return { nodes: [], next: null };
    const { data } = this.loaded;
    const seat = data?.seat;
    /** @param {string} name @param {string | null} [group] */
    const take = (name, group) => void this.#send("join", (client, options) => client.joinLeaderboard({ name, ...(group && { group }) }, options), `${name} ${group}`);
    const state = {
      ...this.#board,
      isWhole: this.#isWhole,
      asked: this.#asked,
      isRenaming: this.#isRenaming,
      choose: (/** @type {{ span?: Span, period?: Period, by?: By }} */ chosen) => {
        for (const [name, value] of Object.entries(chosen)) this.setAttribute(name, value);
      },
      whole: (/** @type {boolean} */ isWhole) => this.#change({ isWhole }),
      // With another name alone, the user stays in the group that they are in.
      join: (/** @type {string} */ name) => take(name, seat?.joined ? seat.group : this.#group),
      move: () => take(seat?.name ?? "", this.#group),
      rename: () => this.#change({ isRenaming: true }),
      begin: () => this.#change({ asked: true }),
      leave: () => void this.#send("leave", (client, options) => client.leaveLeaderboard({}, options)),
      stay: () => this.#change({}),
    };
    return { nodes: leaderboardView({ ...this.loaded, ...this.#once.state(), ...state }), next: null };
  }
}
