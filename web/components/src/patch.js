// Makes a place of the DOM show nodes, changing what differs alone: what has the focus keeps it. Must not know what is shown.

/** @import { Element as Described, Node as DescribedNode } from "./nodes.js" */

const SVG = "http://www.w3.org/2000/svg";

/** What hears an element's events, by its names. @type {WeakMap<Element, string[]>} */
const heard = new WeakMap();

/** @param {Described} described @param {Node} parent */
const made = ({ tag }, parent) => {
  const isDrawing = tag === "svg" || (parent instanceof Element && parent.namespaceURI === SVG);
  return isDrawing ? document.createElementNS(SVG, tag) : document.createElement(tag);
};

/** @param {Element} element @param {Record<string, any>} attributes */
const patchAttributes = (element, attributes) => {
  for (const { name } of [...element.attributes]) if (!(name in attributes)) element.removeAttribute(name);
  const gone = heard.get(element)?.filter((name) => !(name in attributes)) ?? [];
  Object.assign(element, Object.fromEntries(gone.map((name) => [name, null])));
  heard.set(element, Object.keys(attributes).filter((name) => typeof attributes[name] === "function"));
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") Object.assign(element, { [name]: value });
    else if (element.getAttribute(name) !== (value === true ? "" : String(value))) element.setAttribute(name, value === true ? "" : String(value));
  }
};

/** @param {Node | undefined} old @param {DescribedNode} wanted */
const isSame = (old, wanted) => (typeof wanted === "string" ? old?.nodeType === 3 : /** @type {Element | undefined} */ (old)?.localName === wanted.tag);

/** @param {ParentNode & Node} parent @param {DescribedNode[]} wanted */
export const patch = (parent, wanted) => {
  const nodes = parent.childNodes;
  wanted.forEach((one, index) => {
    // What comes or goes before something leaves that as it is, with what was typed in it.
    while (nodes[wanted.length] && !isSame(nodes[index], one)) nodes[index].remove();
    const old = nodes[index];
    const node = isSame(old, one) ? old : parent.insertBefore(typeof one === "string" ? new Text(one) : made(one, parent), old);
    if (typeof one !== "string") {
      patchAttributes(/** @type {Element} */ (node), one.attributes);
      patch(/** @type {Element} */ (node), one.children);
    } else if (node.nodeValue !== one) node.nodeValue = one;
  });
  while (nodes[wanted.length]) parent.lastChild?.remove();
};
