// On which kind of server a page is. Must not know which page.

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

/** Whether nobody signs in there. */
export const isLocal = LOCAL.includes(location.hostname);
