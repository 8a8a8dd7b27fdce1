import type { ClientStorage } from "./index.d.ts";

/** One file for each text, in a folder of its own. */
export declare function fileStorage(folder: string): ClientStorage;
