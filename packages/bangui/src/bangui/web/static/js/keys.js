/**
 * The keys of every page. Each of them only does what a link, a field or a button on the page does too.
 */

const ROWS = "table[data-moves] tr[tabindex]";
const FIELDS = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

/**
 * @param {Document} page
 * @param {number} step
 */
function moveRow(page, step) {
  const chosen = page.activeElement?.closest(ROWS);
  const tables = [...page.querySelectorAll("table[data-moves]")];
  // Nothing chosen yet: start with the last list of the page, which is its main one.
  const table = chosen?.closest("table") ?? tables.at(-1);
  const rows = [.../** @type {NodeListOf<HTMLElement>} */ (table?.querySelectorAll("tr[tabindex]") ?? [])];
  const place = chosen ? rows.indexOf(/** @type {HTMLElement} */ (chosen)) + step : 0;
  const row = rows[Math.max(0, Math.min(place, rows.length - 1))];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/**
 * @param {Document} page
 * @returns {boolean} whether there was a field to go to
 */
function goToSearch(page) {
  const field = /** @type {HTMLInputElement | null} */ (page.querySelector("[data-search]"));
  field?.focus();
  field?.select();
  return field !== null;
}

/**
 * Go to the search of every page; where there is little room it is in the menu, which unfolds.
 * @param {Document} page
 * @returns {boolean} whether there is one
 */
function goAnywhere(page) {
  const field = /** @type {HTMLInputElement | null} */ (page.getElementById("anywhere"));
  if (field && field.offsetParent === null) page.getElementById("pages")?.showPopover();
  field?.focus();
  field?.select();
  return field !== null;
}

/**
 * @param {Document} page
 * @param {string} id
 * @returns {boolean}
 */
function openDialog(page, id) {
  const dialog = page.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return false;
  dialog.showModal();
  return true;
}

/**
 * @param {Document} page
 * @returns {boolean} whether a chosen row had a link to open
 */
function openRow(page) {
  const row = page.activeElement?.matches(ROWS) ? page.activeElement : null;
  const link = /** @type {HTMLElement | null | undefined} */ (
    row?.querySelector("a[data-opens]") ?? row?.querySelector("a")
  );
  link?.click();
  return Boolean(link);
}

/**
 * @param {Document} page
 * @param {() => void} showNew shows the rows that wait
 * @param {import("./selection.js").Selection | null} selection of rows, where the page has one
 */
export function listenToKeys(page, showNew, selection) {
  const isInRow = () => Boolean(page.activeElement?.closest(ROWS));
  const move = (/** @type {number} */ step) => (moveRow(page, step), true);
  /** @type {Record<string, () => boolean>} */
  const keys = {
    "/": () => goToSearch(page) || goAnywhere(page),
    "?": () => openDialog(page, "keys"),
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => isInRow() && move(1),
    ArrowUp: () => isInRow() && move(-1),
    Enter: () => openRow(page),
    n: () => (showNew(), true),
    x: () => selection?.toggleRow(false) ?? false,
    X: () => selection?.toggleRow(true) ?? false,
    u: () => selection?.act() ?? false,
  };
  page.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isSearch = event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isSearch && !page.querySelector("dialog[open]") && goAnywhere(page)) return event.preventDefault();
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !page.querySelector("dialog[open]")) target.blur();
    if (target.closest(FIELDS) || page.querySelector("dialog[open]")) return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  });
  page.addEventListener("click", (event) => {
    const opener = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-open]"));
    if (opener) openDialog(page, opener.dataset.open ?? "");
  });
}
