// `<streak-friends>`: friend streaks, and what begins and ends them. Must not know how that is put.

/** @import { Client } from "unbroken-client" */
/** @import { Company, Question } from "./friends-view.js" */
import { friendsView } from "./friends-view.js";
import { LoadedElement } from "./loaded-element.js";
import { createOnce } from "./once.js";
import { OTHERS_STYLES } from "./others-styles.js";

/** @extends {LoadedElement<Company>} */
export class StreakFriends extends LoadedElement {
  static styles = OTHERS_STYLES;
  #once = createOnce(() => this.draw());
  /** What the user wanted to end, and was asked whether they do. @type {Question | null} */
  #asked = null;
  /** @type {string | null} */
  #copied = null;

  /** @param {Question | null} asked */
  #ask(asked) {
    this.#asked = asked;
    this.draw();
  }

  /** @param {string} code */
  async #copy(code) {
    this.#copied = await navigator.clipboard.writeText(code).then(() => code, () => "");
    this.draw();
  }

  /** @param {string} id @param {(client: Client, options: { idempotencyKey: string | undefined }) => Promise<unknown>} send @param {string} [said] */
  async #send(id, send, said = "") {
    const { client } = this;
    if (!client) return;
    this.#copied = null;
    await this.#once.run(id, (options) => send(client, options), said);
    this.#asked = null;
    await this.reload();
    // What was typed has been taken: the fields are as before.
    if (this.#once.state().outcome === "taken") for (const form of this.shadowRoot?.querySelectorAll("form") ?? []) form.reset();
  }

  /** @override */
  forget() {
    super.forget();
    this.#once.forget();
    [this.#asked, this.#copied] = [null, null];
  }

  /** @override @param {Client} client */
  async ask(client) {
    const [{ friends }, { invitations }, { blocks }] = await Promise.all([client.listFriends(), client.listInvitations(), client.listBlocks()]);
    return { friends, invitations, blocks };
  }

  /** @override */
  view() {
    if (!this.client) return { nodes: [], next: null };
    const acts = {
      invite: (/** @type {string} */ name) => void this.#send("invite", (client, options) => client.inviteFriend({ name }, options), name),
      withdraw: (/** @type {string} */ code) => void this.#send(`withdraw ${code}`, (client) => client.withdrawInvitation({ code })),
      copy: (/** @type {string} */ code) => void this.#copy(code),
      accept: (/** @type {string} */ code, /** @type {string} */ name) => void this.#send("accept", (client, options) => client.acceptInvitation({ code, name }, options), `${code} ${name}`),
      begin: (/** @type {Question} */ asked) => this.#ask(asked),
      stay: () => this.#ask(null),
      end: (/** @type {string} */ friendId) => void this.#send(`end ${friendId}`, (client) => client.endFriend({ friendId })),
      block: (/** @type {string} */ friendId) => void this.#send(`block ${friendId}`, (client) => client.blockFriend({ friendId })),
      unblock: (/** @type {string} */ friendId) => void this.#send(`unblock ${friendId}`, (client) => client.unblockFriend({ friendId })),
    };
    return { nodes: friendsView({ ...this.loaded, ...this.#once.state(), asked: this.#asked, copied: this.#copied, ...acts }), next: null };
  }
}
