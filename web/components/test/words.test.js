// Texts, days and spans: every language says all of it, and one that is not known is English.

import assert from "node:assert/strict";
import { test } from "node:test";
import "../src/de.js";
import "../src/notices.js";
import "../src/goals.js";
import "../src/others.js";
import { daysAfter, monthsAfter, weekdayOf, weekFrom, weeksOf } from "../src/days.js";
import { TEXTS } from "../src/texts.js";
import { addTexts, wordsFor } from "../src/words.js";

const places = (text) => [...(typeof text === "string" ? text : text.other).matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("every language has every text, with the same places for values, and a text for each of its plurals", () => {
  for (const [language, texts] of Object.entries(TEXTS)) {
    assert.deepEqual(Object.keys(texts), Object.keys(TEXTS.en), language);
    for (const [name, text] of Object.entries(texts)) {
      assert.deepEqual(places(text), places(TEXTS.en[name]), `${language}: ${name}`);
      if (typeof text === "string") continue;
      assert.deepEqual(Object.keys(text).sort(), new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort(), name);
    }
  }
});

test("a language that has no texts, or is no language, is English", () => {
  for (const name of ["fr", "no language!", ""]) assert.deepEqual([wordsFor(name).say("none"), wordsFor(name).weekday(0, "long")], ["No streak yet", "Monday"]);
  assert.equal(wordsFor("DE").say("none"), "Noch keine Serie");
});

test("an app's own texts come before those that are shipped, for that language alone", () => {
  addTexts("eo", { none: "Ankoraŭ neniu" });
  assert.equal(wordsFor("eo-001").say("none"), "Ankoraŭ neniu");
  assert.equal(wordsFor("eo").say("week"), "This week");
  assert.equal(wordsFor("en").say("none"), "No streak yet");
  delete TEXTS.eo;
});

test("a verdict or category that nobody has a text for is made readable", () => {
  assert.equal(wordsFor("de").name("category", "guide"), "Lernleitfaden");
  assert.equal(wordsFor("de").name("category", "read_aloud"), "Read aloud");
});

test("days are named as they are in the user's zone, wherever the device is", () => {
  assert.match(wordsFor("en-GB").day("2026-03-02"), /^Monday,? 2 March 2026$/);
  assert.equal(wordsFor("de").day("2026-03-02"), "Montag, 2. März 2026");
  assert.equal(wordsFor("de").weekday(6, "long"), "Sonntag");
  assert.equal(wordsFor("en").month("2026-12"), "December 2026");
});

test("a span is said in its two largest units, and said again when they change", () => {
  const { span } = wordsFor("en");
  const minutes = 60_000;
  assert.equal(span(25 * 60 * minutes).text, "1 day 1 hr");
  assert.equal(span(24 * 60 * minutes - 1).text, "23 hr 59 min");
  assert.equal(span(60 * minutes).text, "1 hr");
  assert.equal(span(minutes).text, "1 min");
  assert.equal(span(minutes - 1).text, "less than a minute");
  assert.equal(span(-1).next, 0);
  for (const left of [minutes, 61 * minutes + 5, 3_000 * minutes + 7]) {
    const { text, next } = span(left);
    assert.equal(span(left - next + 1).text, text);
    assert.notEqual(span(left - next).text, text);
  }
});

test("days are counted over the ends of months, leap days and changes of the clock", () => {
  assert.equal(daysAfter("2028-02-28", 1), "2028-02-29");
  assert.equal(daysAfter("2027-02-28", 1), "2027-03-01");
  assert.equal(daysAfter("2026-03-29", -29), "2026-02-28");
  assert.equal(monthsAfter("2026-01", -1), "2025-12");
  assert.equal(monthsAfter("2026-01", 12), "2027-01");
  assert.deepEqual([weekdayOf("2026-03-02"), weekdayOf("2026-03-08")], [0, 6]);
  assert.deepEqual(weekFrom("2026-12-28").at(-1), "2027-01-03");
});

test("a month has all its days once, each under its weekday", () => {
  for (const [month, count] of [["2026-02", 28], ["2028-02", 29], ["2026-03", 31], ["2025-12", 31]]) {
    const weeks = weeksOf(month);
    const days = weeks.flat().filter(Boolean);
    assert.equal(days.length, count);
    assert.deepEqual(days, Array.from({ length: count }, (_, index) => daysAfter(`${month}-01`, index)));
    for (const week of weeks) {
      assert.equal(week.length, 7);
      week.forEach((day, index) => day && assert.equal(weekdayOf(day), index));
    }
  }
});
