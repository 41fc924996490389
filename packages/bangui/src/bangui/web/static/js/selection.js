/**
 * Rows that are ticked, and the bar that says how many and what can be done with them. The boxes are those of a plain
 * form; this only counts them, ticks many at once, and follows what a live page does to the list.
 */

import { countWords } from "./announcer.js";

const BOXES = "[data-rows] input[type=checkbox]";

export class Selection {
  /** @type {HTMLInputElement | null} where the last stretch of rows began */
  #last = null;

  /**
   * @param {HTMLElement} holder holds the list, and stays when the list is replaced
   * @param {HTMLFormElement} bar
   */
  constructor(holder, bar) {
    this.holder = holder;
    this.bar = bar;
    this.words = /** @type {HTMLElement} */ (bar.querySelector("[data-many]"));
  }

  start() {
    this.holder.addEventListener("click", (event) => this.#followClick(event));
    this.bar.querySelector("[data-clear]")?.addEventListener("click", () => this.#tick(this.#boxes(), false));
    new MutationObserver(() => this.#show()).observe(this.holder, { childList: true, subtree: true });
    this.#show();
  }

  /**
   * Tick the box of the row where the focus is, or take the tick off; with all rows since the last one where asked.
   * @param {boolean} isStretch
   * @returns {boolean} whether there was one
   */
  toggleRow(isStretch) {
    const box = /** @type {HTMLInputElement | null | undefined} */ (
      document.activeElement?.closest("[data-rows] > tr")?.querySelector("input[type=checkbox]")
    );
    if (!box) return false;
    box.checked = !box.checked;
    this.#follow(box, isStretch);
    return true;
  }

  /**
   * Send the form with what is ticked; with nothing ticked press the button of the row where the focus is.
   * @returns {boolean} whether there was anything to do
   */
  act() {
    const isTicked = this.#boxes().some((box) => box.checked);
    const button = isTicked
      ? this.bar.querySelector("button")
      : document.activeElement?.closest("[data-rows] > tr")?.querySelector("button");
    button?.click();
    return Boolean(button);
  }

  #boxes() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (this.holder.querySelectorAll(BOXES))];
  }

  /** @param {MouseEvent} event */
  #followClick(event) {
    const box = /** @type {HTMLInputElement} */ (event.target);
    if (box.matches("[data-all]")) this.#tick(this.#boxes(), box.checked);
    else if (box.matches(BOXES)) this.#follow(box, event.shiftKey);
  }

  /**
   * @param {HTMLInputElement} box that was just ticked, or not
   * @param {boolean} isStretch
   */
  #follow(box, isStretch) {
    const boxes = this.#boxes();
    const ends = [boxes.indexOf(box), this.#last ? boxes.indexOf(this.#last) : -1];
    const start = isStretch && ends[1] >= 0 ? Math.min(...ends) : ends[0];
    this.#last = box;
    this.#tick(boxes.slice(start, isStretch && ends[1] >= 0 ? Math.max(...ends) + 1 : ends[0] + 1), box.checked);
  }

  /**
   * @param {HTMLInputElement[]} boxes
   * @param {boolean} isTicked
   */
  #tick(boxes, isTicked) {
    for (const box of boxes) box.checked = isTicked;
    this.#show();
  }

  #show() {
    const boxes = this.#boxes();
    const count = boxes.filter((box) => box.checked).length;
    const all = /** @type {HTMLInputElement | null} */ (this.holder.querySelector("[data-all]"));
    if (all) {
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
    this.bar.classList.toggle("is-open", count > 0);
    const words = count ? countWords(this.words, count) : "";
    if (this.words.textContent !== words) this.words.textContent = words;
  }
}
