// The package's entries: what their types declare is there, also on a server that has no DOM.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as goals from "../src/goals.js";
import * as entry from "../src/index.js";
import * as notices from "../src/notices.js";
import * as others from "../src/others.js";

for (const [name, exported] of Object.entries({ index: entry, notices, goals, others })) {
  test(`what the types of ${name} declare is exported, and nothing else`, () => {
    const types = readFileSync(new URL(`../src/${name}.d.ts`, import.meta.url), "utf-8");
    const declared = [...types.matchAll(/^export declare (?:class|function) (\w+)/gm)].map(([, each]) => each);
    assert.deepEqual(Object.keys(exported), declared.sort());
  });
}
