// `<streak-notice-preferences channels="inbox push" languages="en de">`: what the user is told of, and how. Must not know how that is put.

/** @import { Client, Preferences } from "unbroken-client" */
/** @import { Ended } from "./preferences-view.js" */
import { channelsOf, chosenIn, offeredTo } from "./choosing.js";
import { NoticeElement } from "./notice-element.js";
import { isCut } from "./once.js";
import { preferencesView } from "./preferences-view.js";

const LANGUAGES = "en de";

/** @extends {NoticeElement<Preferences>} */
export class StreakNoticePreferences extends NoticeElement {
  static observedAttributes = ["lang", "channels", "languages"];
  #busy = false;
  /** @type {Ended | null} */
  #ended = null;
  #turn = 0;

  get #offered() {
    return channelsOf(this.getAttribute("channels"));
  }

  /** One command for all that is otherwise. @param {HTMLFormElement} form */
  async #save(form) {
    const { client, loaded } = this;
    if (!client || !loaded.data || this.#busy) return;
    const own = this.#turn;
    const body = chosenIn(loaded.data, offeredTo(loaded.data, this.#offered), new FormData(form));
    [this.#busy, this.#ended] = [true, null];
    this.draw();
    /** @type {Ended} */
    let ended = { kind: "saved" };
    try {
      if (body) await client.chooseNotices(body);
    } catch (error) {
      const { problem, message } = /** @type {any} */ (error);
      const fields = (problem?.errors ?? []).map((/** @type {any} */ one) => `${one.field}: ${one.message}`);
      ended = isCut(error) ? { kind: "cut" } : { kind: "refused", why: [problem?.detail ?? message, ...fields].join(" ") };
    }
    if (own !== this.#turn) return;
    [this.#busy, this.#ended] = [false, ended];
    await this.reload();
    if (own !== this.#turn) return;
    // From now on the fields follow what is known again, unless somebody has changed one meanwhile.
    const { data } = this.loaded;
    if (data && !chosenIn(data, offeredTo(data, this.#offered), new FormData(form))) form.reset();
  }

  /** @override */
  forget() {
    super.forget();
    this.#turn += 1;
    [this.#busy, this.#ended] = [false, null];
  }

  /** @override @param {Client} client */
  ask(client) {
    return client.getPreferences();
  }

  /** @override */
  view() {
    if (!this.client) return { nodes: [], next: null };
    const languages = (this.getAttribute("languages") ?? LANGUAGES).split(/\s+/).filter(Boolean);
    const state = { ...this.loaded, offered: this.#offered, languages, busy: this.#busy, ended: this.#ended, save: (/** @type {HTMLFormElement} */ form) => void this.#save(form) };
    return { nodes: preferencesView(state), next: null };
  }
}
