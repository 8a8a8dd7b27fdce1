// The routes for operators and servers that act for a user; no page needs them. Must not know how they are sent.

import { createRequest } from "./request.js";
import { FOR_USER } from "./routes-for-user.js";

/** @type {typeof import("./for-user.d.ts").createClientForUsers} */
export const createClientForUsers = (options) => {
  const request = createRequest(options, FOR_USER);
  const routes = Object.keys(FOR_USER).map((name) => [
    name,
    (/** @type {any} */ input, /** @type {any} */ more) => request(name, input, more).then(({ answer }) => answer),
  ]);
  return { ...Object.fromEntries(routes), request };
};
