/**
 * What a fresh region means for somebody who reads the old one: which rows are new, which have ended, and whether they
 * may slide in now or have to wait. All of it edits the fresh copy before it is merged; the page itself is not touched.
 */

import { countWords } from "./announcer.js";

/** More new rows than this at once are simply there: a hundred rows that slide say nothing. */
const MOST_SLIDING = 20;

/**
 * @param {Element} region
 * @returns {HTMLElement[]}
 */
function banRows(region) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (region.querySelectorAll("[data-rows] > tr"))];
}

/**
 * @param {Element} old
 * @param {Element} fresh
 * @returns {HTMLElement[]} the rows of the fresh region that the old one does not have
 */
export function newRows(old, fresh) {
  const known = new Set(banRows(old).map((row) => row.dataset.key));
  return banRows(fresh).filter((row) => !known.has(row.dataset.key));
}

/**
 * Rows may move only when nobody is reading them: the head of the list is in sight, no row is chosen or ticked, and no
 * text in the list is selected.
 * @param {Element} region
 * @returns {boolean}
 */
export function isAtRest(region) {
  const rows = region.querySelector("[data-rows]");
  const table = rows?.closest("table");
  if (!rows || !table) return true;
  const selection = document.getSelection();
  const isSelecting = selection !== null && !selection.isCollapsed && table.contains(selection.anchorNode);
  const isInSight = table.getBoundingClientRect().top >= 0;
  return isInSight && !isSelecting && !rows.contains(document.activeElement) && !rows.querySelector(":checked");
}

/** @param {HTMLElement[]} rows */
export function letSlideIn(rows) {
  if (rows.length <= MOST_SLIDING) rows.forEach((row) => row.classList.add("is-new"));
}

/**
 * Keep the rows as they are in the page, mark those that have ended, and say how many are waiting.
 * @param {Element} old
 * @param {Element} fresh
 * @param {number} waiting
 */
export function holdRows(old, fresh, waiting) {
  const body = fresh.querySelector("[data-rows]");
  const rows = banRows(fresh);
  if (!body) return;
  const living = new Set(rows.map((row) => row.dataset.key));
  const known = banRows(old);
  // A row that is gone although one after it is still there is over; those after the last may only be pushed out.
  const reaches = fresh.querySelector(".pager a[rel=next]")
    ? known.findLastIndex((row) => living.has(row.dataset.key))
    : known.length;
  const kept = known.map((row, place) => {
    const copy = /** @type {HTMLElement} */ (row.cloneNode(true));
    const hasEnded = !living.has(copy.dataset.key) && place < reaches;
    copy.classList.toggle("has-ended", hasEnded);
    return copy;
  });
  body.replaceChildren(...kept);
  const note = /** @type {HTMLElement | null} */ (fresh.querySelector("[data-new]"));
  const button = note?.querySelector("button");
  if (!note || !button) return;
  note.hidden = waiting === 0;
  button.textContent = countWords(button, waiting);
}

/**
 * Mark the numbers of the jails that differ, so that the eye finds them.
 * @param {Element} old
 * @param {Element} fresh
 */
export function markChanges(old, fresh) {
  const before = new Map(
    [...old.querySelectorAll(".jail-table tr[data-key]")].map((row) => [row.getAttribute("data-key"), row]),
  );
  for (const row of fresh.querySelectorAll(".jail-table tr[data-key]")) {
    const cells = before.get(row.getAttribute("data-key"))?.querySelectorAll("td");
    row.querySelectorAll("td").forEach((cell, place) => {
      if (cells?.[place] && cells[place].textContent !== cell.textContent) cell.classList.add("is-changed");
    });
  }
}
