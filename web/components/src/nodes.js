// What is to be seen, as plain data. Pure: must not know the DOM, and nothing in it is ever read as HTML.

/**
 * An element: its attributes by name (true is an empty one; false, null and undefined are none; a function hears the event that the
 * rest of a name such as `onclick` says), and what is in it.
 *
 * @typedef {{ tag: string, attributes: Record<string, any>, children: Node[] }} Element
 * @typedef {Element | string} Node
 */

/**
 * @param {string} tag
 * @param {Record<string, any> | null} [attributes]
 * @param {...(Node | null | undefined | false | Node[])} children
 * @returns {Element}
 */
export const h = (tag, attributes, ...children) => ({
  tag,
  attributes: Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== false && value != null)),
  children: children.flat().filter((child) => child !== null && child !== undefined && child !== false),
});

/** Words for those who hear the page. @param {string} text */
export const heard = (text) => h("span", { class: "heard" }, text);

/** All words, as they are heard: without what is hidden from screen readers. @param {Node | Node[]} node @returns {string} */
export const textOf = (node) => {
  if (typeof node === "string") return node;
  if (Array.isArray(node)) return node.map(textOf).filter(Boolean).join(" ");
  if (node.attributes["aria-hidden"]) return "";
  return node.attributes["aria-label"] ?? textOf(node.children);
};

/** Every element of a tree that is so. @param {Node | Node[]} node @param {(element: Element) => boolean} isWanted @returns {Element[]} */
export const elementsOf = (node, isWanted) => {
  if (typeof node === "string") return [];
  if (Array.isArray(node)) return node.flatMap((one) => elementsOf(one, isWanted));
  return [...(isWanted(node) ? [node] : []), ...elementsOf(node.children, isWanted)];
};
