// The language of the page: `?lang=` where that says one that it has, else the browser's. Must not know what is said.

import "../components/src/de.js";
import "./de.js";
import "./texts.js";
import { wordsFor } from "../components/src/words.js";

const SPOKEN = ["en", "de"];

/** @param {string} language */
const baseOf = (language) => language.split("-")[0].toLowerCase();

/** The first that the page has, as it is named there; English where it has none. @param {string | null} asked @param {readonly string[]} preferred */
export const chosen = (asked, preferred) => [asked ?? "", ...preferred].find((one) => SPOKEN.includes(baseOf(one))) ?? "en";

export const language = chosen(new URLSearchParams(globalThis.location?.search ?? "").get("lang"), globalThis.navigator?.languages ?? []);
export const base = /** @type {"en" | "de"} */ (baseOf(language));
export const words = wordsFor(language);
