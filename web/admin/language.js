// The language of the page, as the app's page finds it, with the texts of this one. Must not know what is said.

import "./de.js";
import "./texts.js";
import { language } from "../app/language.js";
import { wordsFor } from "../components/src/words.js";

export { language };
export const words = wordsFor(language);
