// Prints a request as each kind of code: `node as-code.mjs REQUEST`. Must not know who runs it.

import { asCurl, asFetch, asPython } from "../local/as-code.js";

const request = JSON.parse(process.argv[2]);
console.log(JSON.stringify({ curl: asCurl(request), fetch: asFetch(request), python: asPython(request) }));
