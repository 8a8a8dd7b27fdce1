// What both elements about notices have in common: looks of their own, and when they ask. Must not know what they show.

/** @import { Shown } from "unbroken-client" */
import { LoadedElement } from "./loaded-element.js";
import { NOTICE_STYLES } from "./notice-styles.js";

/** @template Data @extends {LoadedElement<Data>} */
export class NoticeElement extends LoadedElement {
  static styles = NOTICE_STYLES;

  /** Nothing of it hangs on an activity: it is asked for once a day, and where that failed, when the service is heard again. @override @param {Shown} shown */
  news(shown) {
    super.news({ ...shown, document: null });
  }
}
