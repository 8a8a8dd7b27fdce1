// A token as the Auth emulator makes them, which nothing but a local server takes. Must not know who asks for one.

const VALID_SECONDS = 3600;

/** @param {object} content */
const part = (content) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(content)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Whose users the server takes, as it says where Hosting does. @type {Promise<string> | undefined} */
let project;

/** @returns {Promise<string>} */
const asked = async () => (await (await fetch("/__/firebase/init.json")).json()).projectId;

/** @param {string} uid @param {number} now in milliseconds: tokens go by the real time, whatever is simulated @param {Record<string, true>} [roles] claims of operators */
export const unsignedToken = async (uid, now, roles = {}) => {
  project ??= asked();
  const of = await project.catch((error) => {
    project = undefined;
    throw error;
  });
  const issued = Math.floor(now / 1000) - 10;
  const firebase = { sign_in_provider: "custom", identities: {} };
  const claims = { iss: `https://securetoken.google.com/${of}`, aud: of, sub: uid, user_id: uid, iat: issued, auth_time: issued, exp: issued + VALID_SECONDS, firebase, ...roles };
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
};
