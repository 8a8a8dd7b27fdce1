// What all elements have in common: a client, a language, and when they are drawn. Must not know what is shown.

/** @import { Client, Shown } from "unbroken-client" */
/** @import { Node as Described } from "./nodes.js" */
/** @import { Words } from "./words.js" */
import { patch } from "./patch.js";
import { STYLES } from "./styles.js";
import { wordsFor } from "./words.js";

// Where there is no DOM, on a server that renders pages, the module can still be loaded.
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));
const LAST_TIMER_MS = 2 ** 31 - 1;

/** @type {Client | null} */
let pageClient = null;
/** @type {Set<StreakElement>} */
const onPage = new Set();
/** One for each text of styles, however many elements have it. @type {Map<string, CSSStyleSheet>} */
const sheets = new Map();

/** @param {string} styles */
const sheetOf = (styles) => {
  const known = sheets.get(styles);
  if (known) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  sheets.set(styles, sheet);
  return sheet;
};

/** The client of every element of the page that has none of its own; null where nobody is signed in. @param {Client | null} client */
export const useClient = (client) => {
  pageClient = client;
  redraw();
};

/** Draws every element of the page anew, in the language in which it now is. */
export const redraw = () => {
  for (const element of onPage) element.begin();
};

export class StreakElement extends Base {
  static observedAttributes = ["lang"];
  /** Looks of its own, on top of what all have. */
  static styles = "";
  /** @type {Client | null} */
  #client = null;
  /** @type {Client | null} */
  #begun = null;
  /** @type {(() => void) | undefined} */
  #end;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #internals = this.attachInternals?.();
  /** @type {Shown | null} */
  shown = null;
  /** @type {Words} */
  words = wordsFor("en");

  /** This element's own client, in place of the page's. */
  get client() {
    return this.#client ?? pageClient;
  }

  set client(client) {
    this.#client = client;
    if (this.isConnected) this.begin();
  }

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const { styles } = /** @type {typeof StreakElement} */ (this.constructor);
    root.adoptedStyleSheets = [STYLES, styles].map(sheetOf);
    onPage.add(this);
    this.begin();
  }

  disconnectedCallback() {
    onPage.delete(this);
    this.#rest();
  }

  /** @param {string} _name */
  attributeChangedCallback(_name) {
    if (this.isConnected) this.begin();
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#end?.();
    this.#end = undefined;
    this.#begun = null;
  }

  /** In the language of the text around it; listens to its client anew where that is another. */
  begin() {
    const around = this.closest("[lang]")?.getAttribute("lang");
    this.words = wordsFor(around || document.documentElement.lang || navigator.language);
    const { client } = this;
    if (client !== this.#begun) {
      this.#rest();
      this.shown = null;
      this.forget();
      this.#begun = client;
      this.#end = client?.watchStreak((shown) => {
        this.shown = shown;
        this.news(shown);
        this.draw();
      });
    }
    this.draw();
  }

  draw() {
    clearTimeout(this.#timer);
    if (!this.shadowRoot || !this.isConnected) return;
    const { nodes, next } = this.view();
    patch(this.shadowRoot, nodes);
    if (next) this.#timer = setTimeout(() => this.draw(), Math.min(next, LAST_TIMER_MS));
  }

  /** By the clock of the client, so that what is left is counted by the one that tells when it is over. */
  get now() {
    return this.client?.now?.() ?? Date.now();
  }

  /** That there is nothing to show, which a page may style: `:state(empty)`. @param {boolean} isEmpty */
  set isEmpty(isEmpty) {
    const states = this.#internals?.states;
    isEmpty ? states?.add("empty") : states?.delete("empty");
  }

  get isRightToLeft() {
    return getComputedStyle(this).direction === "rtl";
  }

  /** It is another user's from now on. */
  forget() {}

  /** The streak may stand otherwise. @param {Shown} _shown */
  news(_shown) {}

  /** @returns {{ nodes: Described[], next: number | null }} */
  view() {
    return { nodes: [], next: null };
  }
}
