// A request that was made, as text that makes it again. Pure: must not know why it was made.

/** @typedef {{ method: string, url: string, headers: Record<string, string>, body: string | null }} Made */

/** One word of a shell. @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** @param {Made} made */
export const asCurl = ({ method, url, headers, body }) =>
  [
    `curl -X ${method} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(" \\\n  ");

/** @param {Made} made */
export const asFetch = ({ method, url, headers, body }) => {
  const options = { method, headers, ...(body !== null && { body }) };
  return `const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify(options, null, 2)});\nconsole.log(answer.status, await answer.text());`;
};

/** With nothing but Python itself. What JSON says of texts Python says alike. @param {Made} made */
export const asPython = ({ method, url, headers, body }) =>
  [
    "import urllib.request",
    "",
    "request = urllib.request.Request(",
    `    ${JSON.stringify(url)},`,
    `    method=${JSON.stringify(method)},`,
    `    headers=${JSON.stringify(headers, null, 4).replaceAll("\n", "\n    ")},`,
    ...(body === null ? [] : [`    data=${JSON.stringify(body)}.encode(),`]),
    ")",
    "with urllib.request.urlopen(request) as answer:",
    "    print(answer.status, answer.read().decode())",
  ].join("\n");
