// `<streak-insights>`: what the last year tells of habits. Must not know how that is put.

/** @import { Client, Insights } from "unbroken-client" */
import { insightsView } from "./insights-view.js";
import { LoadedElement } from "./loaded-element.js";

/** @extends {LoadedElement<Insights>} */
export class StreakInsights extends LoadedElement {
  /** @override @param {Client} client */
  ask(client) {
    return client.getInsights();
  }

  /** @override */
  view() {
    return { nodes: this.client ? insightsView(this.loaded) : [], next: null };
  }
}
