// An element that asks the service for what it shows. Must not know what that is.

/** @import { Client, Shown } from "unbroken-client" */
/** @import { Loaded } from "./loading-view.js" */
import { StreakElement } from "./element.js";
import { createLoading } from "./loading.js";

/** @template Data */
export class LoadedElement extends StreakElement {
  #loading = createLoading(() => (this.client ? this.ask(this.client) : Promise.reject(new Error("no client"))), () => this.draw());

  /** @param {Client} _client @returns {Promise<Data>} */
  ask(_client) {
    throw new Error("it asks for nothing");
  }

  /** @override @param {Shown} shown */
  news(shown) {
    this.#loading.news(shown);
  }

  /** Asks once more, or for more than what is known. @param {(known: Data | null) => Promise<Data>} [how] */
  reload(how) {
    return this.#loading.load(how);
  }

  /** @override */
  forget() {
    this.#loading.forget();
  }

  /** @returns {Loaded<Data>} */
  get loaded() {
    return { ...this.#loading.state(), today: this.shown?.today ?? null, words: this.words, again: () => void this.reload() };
  }
}
