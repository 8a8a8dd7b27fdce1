// What every storage keeps to, but for a browser's own, which is tested in one.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { asyncStorage, memoryStorage } from "../src/index.js";
import { fileStorage } from "../src/node.js";

const reactNative = () => {
  const kept = new Map([["of another", "1"]]);
  return asyncStorage({
    getItem: async (name) => kept.get(name) ?? null,
    setItem: async (name, text) => void kept.set(name, text),
    removeItem: async (name) => void kept.delete(name),
    getAllKeys: async () => [...kept.keys()],
  });
};

for (const [name, make] of [["memory", () => memoryStorage()], ["React Native", reactNative], ["files", (folder) => fileStorage(join(folder, "made"))]]) {
  test(`texts are kept by their names: ${name}`, async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "unbroken-"));
    context.after(() => rm(folder, { recursive: true }));
    const storage = make(folder);
    assert.equal(await storage.get("waiting/1"), null);
    for (const one of ["waiting/2", "waiting/1/a:~b", "refused/1", "streak"]) await storage.set(one, `{"é": "${one}"}`);
    await storage.set("streak", "new");
    assert.deepEqual((await storage.names("waiting/")).sort(), ["waiting/1/a:~b", "waiting/2"]);
    assert.deepEqual([await storage.get("streak"), await storage.get("refused/1")], ["new", '{"é": "refused/1"}']);
    await storage.delete("waiting/2");
    await storage.delete("never there");
    assert.deepEqual(await storage.names("waiting/"), ["waiting/1/a:~b"]);
  });
}

test("a draft that a killed program left is no text", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "unbroken-"));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, ".1-1"), "half");
  await fileStorage(folder).set("streak", "whole");
  assert.deepEqual([await fileStorage(folder).names(""), (await readdir(folder)).length], [["streak"], 2]);
});
