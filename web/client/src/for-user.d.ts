import type { Operations } from "./contract.d.ts";
import type { AnyRequest, ClientOptions, Routes } from "./index.d.ts";

/** What operators and servers may do for a user, by the rights of the token. */
export type ClientForUsers = Routes<true> & { request: AnyRequest<true> };

/** A client that keeps nothing: each method sends one request. */
export declare function createClientForUsers(
  options: Pick<ClientOptions, "baseUrl" | "getToken" | "getAppCheckToken" | "fetch" | "timeoutSeconds">,
): ClientForUsers;

export type { Operations };
