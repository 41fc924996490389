/**
 * The map and the table beside it point at each other: what is hovered or chosen in one is marked in the other, and its
 * number is told under the map.
 */

/**
 * @param {Element} world
 * @param {string | undefined} code the country to mark; none where nothing is pointed at
 */
function mark(world, code) {
  for (const marked of world.querySelectorAll(".is-marked")) marked.classList.remove("is-marked");
  const words = world.querySelector("[data-words]");
  if (!words) return;
  words.textContent = "";
  if (!code) return;
  for (const place of world.querySelectorAll(`[data-country="${CSS.escape(code)}"]`)) {
    place.classList.add("is-marked");
    const title = place.querySelector("title")?.textContent;
    if (title) words.textContent = title;
  }
}

/** @param {Event} event */
function countryOf(event) {
  const place = /** @type {Element} */ (event.target).closest("[data-country]");
  return place?.getAttribute("data-country") ?? undefined;
}

const world = document.querySelector(".world");
if (world) {
  for (const kind of ["pointerover", "focusin"]) world.addEventListener(kind, (event) => mark(world, countryOf(event)));
  for (const kind of ["pointerleave", "focusout"]) world.addEventListener(kind, () => mark(world, undefined));
}
