// How two texts differ, line by line: the longest part that they share stays. Pure: must not know what they say.

/** @typedef {{ kind: "same" | "gone" | "new", text: string }} Line */

/** How long what two texts share is, from each pair of places on. @param {string[]} before @param {string[]} after */
const shared = (before, after) => {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i][j] = before[i] === after[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
};

/** @param {string} before @param {string} after @returns {Line[]} */
export const differenceOf = (before, after) => {
  const [old, now] = [before, after].map((text) => text.replace(/\n$/, "").split("\n"));
  const lengths = shared(old, now);
  /** @type {Line[]} */
  const lines = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) [lines[lines.length], i, j] = [{ kind: "same", text: old[i] }, i + 1, j + 1];
    else if (j >= now.length || (i < old.length && lengths[i + 1][j] >= lengths[i][j + 1])) lines.push({ kind: "gone", text: old[i++] });
    else lines.push({ kind: "new", text: now[j++] });
  }
  return lines;
};

/** What differs with the lines around it; null where others are left out. @param {Line[]} lines @param {number} around @returns {(Line | null)[]} */
export const shortened = (lines, around) => {
  const isNear = lines.map((_, index) => lines.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== "same"));
  return lines.flatMap((line, index) => (isNear[index] ? [line] : index > 0 && !isNear[index - 1] ? [] : [null]));
};
