// What both elements about notices have in common: looks of their own, and when they ask. Must not know what they show.

/** @import { Shown } from "unbroken-client" */
import { LoadedElement } from "./loaded-element.js";
import { NOTICE_STYLES } from "./notice-styles.js";

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** @template Data @extends {LoadedElement<Data>} */
export class NoticeElement extends LoadedElement {
  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(NOTICE_STYLES);
    }
    const root = this.shadowRoot;
    if (root) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }

  /** Nothing of it hangs on an activity: it is asked for once a day, and where that failed, when the service is heard again. @override @param {Shown} shown */
  news(shown) {
    super.news({ ...shown, document: null });
  }
}
