/**
 * Searching while typing: the form works without this; with it, the list follows the text and the address follows too.
 */

/** @typedef {import("./view.js").View} View */

const PAUSE_MILLISECONDS = 150;

/**
 * @param {HTMLFormElement} form
 * @returns {string} the query part of the address that the form asks for
 */
function searchOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim()) fields.append(name, value.trim());
  }
  const text = fields.toString();
  return text ? `?${text}` : "";
}

/**
 * @param {HTMLElement} holder
 * @param {View} view
 */
export function followSearch(holder, view) {
  let timer = 0;
  const formOf = (/** @type {Event} */ event) =>
    /** @type {HTMLFormElement | null} */ (/** @type {Element} */ (event.target).closest("form[data-filter]"));
  holder.addEventListener("input", (event) => {
    const form = formOf(event);
    window.clearTimeout(timer);
    if (form) timer = window.setTimeout(() => void view.go(searchOf(form), { replace: true }), PAUSE_MILLISECONDS);
  });
  holder.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (!form) return;
    event.preventDefault();
    window.clearTimeout(timer);
    void view.go(searchOf(form), { replace: searchOf(form) === location.search });
  });
}
