// Files of a folder as the storage of a program on Node. Must not know what is kept.

import { mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** @type {typeof import("./node.d.ts").fileStorage} */
export const fileStorage = (folder) => {
  const made = mkdir(folder, { recursive: true });
  /** @param {string} name */
  const place = (name) => join(folder, encodeURIComponent(name));
  let written = 0;
  return {
    get: (name) => readFile(place(name), "utf8").catch((error) => (error.code === "ENOENT" ? null : Promise.reject(error))),
    set: async (name, text) => {
      await made;
      // Whole or not at all, and on the disk.
      const draft = join(folder, `.${process.pid}-${++written}`);
      const file = await open(draft, "w");
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, place(name));
    },
    delete: (name) => rm(place(name), { force: true }),
    names: async (prefix) => {
      await made;
      return (await readdir(folder)).filter((name) => !name.startsWith(".")).map(decodeURIComponent).filter((name) => name.startsWith(prefix));
    },
  };
};
