// The package's entry: what its types declare is there, also on a server that has no DOM.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as entry from "../src/index.js";

test("what the types declare is exported, and nothing else", () => {
  const types = readFileSync(new URL("../src/index.d.ts", import.meta.url), "utf-8");
  const declared = [...types.matchAll(/^export declare (?:class|function) (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(Object.keys(entry), declared.sort());
});
