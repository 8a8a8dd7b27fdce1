// `<streak-challenges>`: what can be joined, how far the user has come, and a tap joins or leaves. Must not know how that is put.

/** @import { Challenges, Client } from "unbroken-client" */
import { challengesView } from "./challenges-view.js";
import { GOAL_STYLES } from "./goal-styles.js";
import { LoadedElement } from "./loaded-element.js";
import { createOnce } from "./once.js";

/** @extends {LoadedElement<Challenges>} */
export class StreakChallenges extends LoadedElement {
  static styles = GOAL_STYLES;
  #once = createOnce(() => this.draw());
  /** Which one the user wanted to leave, and was asked whether they do. @type {string | null} */
  #asked = null;

  /** @param {string | null} name */
  #begin(name) {
    this.#asked = name;
    this.draw();
  }

  /** @param {"joinChallenge" | "leaveChallenge"} command @param {string} challenge */
  async #send(command, challenge) {
    const { client } = this;
    if (!client) return;
    await this.#once.run(`${command} ${challenge}`, (options) => client[command]({ challenge }, options));
    this.#asked = null;
    await this.reload();
  }

  /** @override */
  forget() {
    super.forget();
    this.#once.forget();
    this.#asked = null;
  }

  /** @override @param {Client} client */
  ask(client) {
    return client.listChallenges();
  }

  /** @override */
  view() {
    const { client, loaded } = this;
    this.isEmpty = loaded.data?.challenges.length === 0;
    if (!client) return { nodes: [], next: null };
    const acts = {
      join: (/** @type {string} */ name) => void this.#send("joinChallenge", name),
      begin: (/** @type {string} */ name) => this.#begin(name),
      leave: (/** @type {string} */ name) => void this.#send("leaveChallenge", name),
      stay: () => this.#begin(null),
    };
    return { nodes: challengesView({ ...loaded, ...this.#once.state(), asked: this.#asked, ...acts }), next: null };
  }
}
