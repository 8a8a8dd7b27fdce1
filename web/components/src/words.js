// Says texts, days, numbers and spans of time in a language. Pure: must not know which one the page is in.

/** @import { Texts } from "./texts.js" */
import { daysAfter, noonOf } from "./days.js";
import { TEXTS } from "./texts.js";

const MINUTE_MS = 60_000;
/** @type {[unit: string, milliseconds: number][]} */
const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", MINUTE_MS],
];
// A Monday.
const MONDAY = "2026-03-02";
// It has every day that any year has.
const LEAP_YEAR = 2000;

/** @param {string} language */
const baseOf = (language) => language.split("-")[0].toLowerCase();

/** The language's own name first, then the one it is a kind of, and English for what neither has. @param {string} language */
const textsOf = (language) => ({ ...TEXTS.en, ...TEXTS[baseOf(language)], ...TEXTS[language.toLowerCase()] });

/** A name that nobody has a text for, made readable. @param {string} name */
export const readable = (name) => (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");

/** English where there are no texts: dates of one language between words of another help nobody. @param {string} language */
const understood = (language) => {
  try {
    const [name] = Intl.getCanonicalLocales(language);
    return name && (TEXTS[baseOf(name)] || TEXTS[name.toLowerCase()]) ? name : "en";
  } catch {
    return "en";
  }
};

/** @typedef {ReturnType<typeof wordsFor>} Words */

/** @param {string} wanted a BCP 47 name such as `de-AT`; one that is none is English */
export const wordsFor = (wanted) => {
  const language = understood(wanted);
  /** @type {Texts} */
  const texts = textsOf(language);
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const list = new Intl.ListFormat(language, { type: "conjunction", style: "narrow" });
  /** @param {Intl.DateTimeFormatOptions} style */
  const dates = (style) => new Intl.DateTimeFormat(language, { calendar: "gregory", timeZone: "UTC", ...style });
  const whole = dates({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const dayOfMonth = dates({ day: "numeric" });
  const month = dates({ month: "long", year: "numeric" });
  const dayOfYear = dates({ day: "numeric", month: "long" });
  const moment = new Intl.DateTimeFormat(language, { calendar: "gregory", dateStyle: "long" });
  const weekdays = { short: dates({ weekday: "short" }), long: dates({ weekday: "long" }) };

  /** @param {string} name @param {Record<string, string | number>} [values] `count` decides between plurals */
  const say = (name, values = {}) => {
    const found = texts[name] ?? "";
    const text = typeof found === "string" ? found : (found[plural.select(Number(values.count))] ?? found.other);
    return text.replace(/\{(\w+)\}/g, (_, key) => (typeof values[key] === "number" ? number.format(values[key]) : (values[key] ?? "")));
  };

  return {
    say,
    number: (/** @type {number} */ value) => number.format(value),
    percent: (/** @type {number} */ share) => percent.format(share),
    list: (/** @type {string[]} */ parts) => list.format(parts),
    /** The name of a verdict or a category. @param {string} kind @param {string} name */
    name: (kind, name) => say(`${kind}_${name}`) || readable(name),
    day: (/** @type {string} */ day) => whole.format(noonOf(day)),
    dayOfMonth: (/** @type {string} */ day) => dayOfMonth.format(noonOf(day)),
    /** A day of every year, `03-02`. @param {string} name */
    dayOfYear: (name) => dayOfYear.format(noonOf(`${LEAP_YEAR}-${name}`)),
    /** From one day to another. @param {string} from @param {string} until */
    days: (from, until) => dayOfYear.formatRange(noonOf(from), noonOf(until)),
    /** The date of a moment, where the device is. @param {string} instant */
    dateOf: (instant) => moment.format(Date.parse(instant)),
    month: (/** @type {string} */ name) => month.format(noonOf(`${name}-01`)),
    /** 0 is Monday. @param {number} index @param {"short" | "long"} length */
    weekday: (index, length) => weekdays[length].format(noonOf(daysAfter(MONDAY, index))),
    /** How long, in its two largest units, rounded down; and in how many milliseconds it is said otherwise. @param {number} milliseconds */
    span: (milliseconds) => {
      if (milliseconds < MINUTE_MS) return { text: say("moment"), next: Math.max(milliseconds, 0) };
      const largest = UNITS.findIndex(([, length]) => milliseconds >= length);
      const used = UNITS.slice(largest, largest + 2);
      let left = milliseconds;
      const parts = used.map(([unit, length]) => {
        const count = Math.floor(left / length);
        left -= count * length;
        return count && new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(count);
      });
      return { text: parts.filter(Boolean).join(" "), next: left + 1 };
    },
  };
};

/** Texts of another language, or others of one that is known: by their names in `texts.js`. @param {string} language @param {Texts} texts */
export const addTexts = (language, texts) => {
  const name = language.toLowerCase();
  TEXTS[name] = { ...TEXTS[name], ...texts };
};
