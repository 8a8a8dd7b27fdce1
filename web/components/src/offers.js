// `<streak-offers>`: what could be done now, and a tap does it. Must not know how that is put.

/** @import { Client, Offer, OffersAnswer } from "unbroken-client" */
import { LoadedElement } from "./loaded-element.js";
import { offersView } from "./offers-view.js";
import { createTaking } from "./taking.js";

/** @extends {LoadedElement<OffersAnswer>} */
export class StreakOffers extends LoadedElement {
  #taking = createTaking(() => this.draw());

  /** @param {Offer} offer */
  async #take(offer) {
    if (!this.client) return;
    await this.#taking.take(this.client, offer);
    await this.reload();
  }

  /** @override */
  forget() {
    super.forget();
    this.#taking.forget();
  }

  /** @override @param {Client} client */
  ask(client) {
    return client.getOffers();
  }

  /** @override */
  view() {
    if (!this.client) return { nodes: [], next: null };
    return offersView({ ...this.loaded, ...this.#taking.state(), now: this.now, take: (offer) => void this.#take(offer) });
  }
}
