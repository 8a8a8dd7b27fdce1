// Days by their names, `2026-03-02`: plain arithmetic. Pure: must not know a time zone or a clock.

const DAY_MS = 86_400_000;

/** Noon of it in UTC: an instant that names the day. @param {string} day */
export const noonOf = (day) => Date.parse(`${day}T12:00:00Z`);

/** @param {string} day @param {number} count */
export const daysAfter = (day, count) => new Date(noonOf(day) + count * DAY_MS).toISOString().slice(0, 10);

/** How many days later the second one is. @param {string} first @param {string} second */
export const daysBetween = (first, second) => Math.round((noonOf(second) - noonOf(first)) / DAY_MS);

/** 0 is Monday, with which a streak week begins everywhere. @param {string} day */
export const weekdayOf = (day) => (new Date(noonOf(day)).getUTCDay() + 6) % 7;

/** Monday to Sunday. @param {string} monday */
export const weekFrom = (monday) => [0, 1, 2, 3, 4, 5, 6].map((count) => daysAfter(monday, count));

/** `2026-03`, that many months later. @param {string} month @param {number} count */
export const monthsAfter = (month, count) => {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
};

/** The days of a month, week by week from Monday on; null before its first and after its last. @param {string} month */
export const weeksOf = (month) => {
  const first = `${month}-01`;
  const count = weekdayOf(first);
  /** @type {(string | null)[][]} */
  const weeks = [];
  for (let monday = daysAfter(first, -count); monday.slice(0, 7) <= month; monday = daysAfter(monday, 7)) {
    weeks.push(weekFrom(monday).map((day) => (day.startsWith(month) ? day : null)));
  }
  return weeks;
};
