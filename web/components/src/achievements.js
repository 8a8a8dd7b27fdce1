// `<streak-achievements>`: how far the user has come with each, and which are earned. Must not know how that is put.

/** @import { Achievements, Client } from "unbroken-client" */
import { achievementsView } from "./achievements-view.js";
import { GOAL_STYLES } from "./goal-styles.js";
import { LoadedElement } from "./loaded-element.js";

/** @extends {LoadedElement<Achievements>} */
export class StreakAchievements extends LoadedElement {
  static styles = GOAL_STYLES;

  /** @override @param {Client} client */
  ask(client) {
    return client.getAchievements();
  }

  /** @override */
  view() {
    const { client, loaded } = this;
    this.isEmpty = loaded.data?.achievements.length === 0;
    return { nodes: client ? achievementsView(loaded) : [], next: null };
  }
}
