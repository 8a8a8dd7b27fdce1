// `<streak-badge>`: the flame, the length, and how long there is left. Must not know how that is put.

import { badgeView } from "./badge-view.js";
import { StreakElement } from "./element.js";

export class StreakBadge extends StreakElement {
  /** @override */
  view() {
    return this.shown ? badgeView({ shown: this.shown, now: this.now, words: this.words }) : { nodes: [], next: null };
  }
}
