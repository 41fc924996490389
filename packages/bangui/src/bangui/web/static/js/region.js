/**
 * Merges HTML from our server into the page, keeping every element that is still there: focus, selection and running
 * animations survive, and only what differs is touched.
 */

/** @typedef {{createHTML(text: string): string}} HtmlPolicy */

/** @type {HtmlPolicy | undefined} */
const policy = /** @type {any} */ (window).trustedTypes?.createPolicy("bangui", {
  createHTML: (/** @type {string} */ text) => text,
});

/**
 * Parse an answer of our own server; the only place where text becomes HTML. Scripts in it would never run.
 * @param {string} text
 * @returns {HTMLElement | null} its region
 */
export function parseRegion(text) {
  const html = policy ? policy.createHTML(text) : text;
  return new DOMParser().parseFromString(html, "text/html").querySelector("[data-region]");
}

/**
 * @param {Node} node
 * @returns {string | null} the name by which a node is recognised among its siblings
 */
function keyOf(node) {
  if (!(node instanceof Element)) return null;
  return node.getAttribute("data-key") ?? (node.id || null);
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function mergeAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    // What a reader has unfolded stays so.
    if (!fresh.hasAttribute(name) && !(name === "open" && old instanceof HTMLDetailsElement)) old.removeAttribute(name);
  }
}

/**
 * Blank text between keyed children means nothing, and would make rows move where it is enough to remove one.
 * @param {Element} parent
 */
function dropBlanks(parent) {
  if (![...parent.children].some((child) => keyOf(child) !== null)) return;
  for (const node of [...parent.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE && !node.nodeValue?.trim()) node.remove();
  }
}

/**
 * Make `old` and everything in it equal to `fresh`, which is used up.
 * @param {Element} old
 * @param {Element} fresh
 */
export function merge(old, fresh) {
  mergeAttributes(old, fresh);
  dropBlanks(old);
  dropBlanks(fresh);
  const wanted = new Set([...fresh.childNodes].map(keyOf));
  /** @type {Map<string, ChildNode>} */
  const known = new Map();
  for (const node of old.childNodes) {
    const key = keyOf(node);
    if (key !== null) known.set(key, node);
  }
  let place = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    place = skipGone(place, wanted);
    const key = keyOf(node);
    const match = key !== null ? known.get(key) : place && keyOf(place) === null ? place : undefined;
    if (!match || match.nodeName !== node.nodeName) {
      old.insertBefore(node, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    // What keeps itself up to date stays as it is; the fresh copy only says where it stands.
    if (node instanceof Element && node.hasAttribute("data-keep")) continue;
    if (match instanceof Element && node instanceof Element) merge(match, node);
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/**
 * Remove the keyed nodes from `place` on that are no longer wanted; return the first node that stays.
 * @param {ChildNode | null} place
 * @param {Set<string | null>} wanted
 * @returns {ChildNode | null}
 */
function skipGone(place, wanted) {
  while (place && keyOf(place) !== null && !wanted.has(keyOf(place))) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
  return place;
}
