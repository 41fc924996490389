/**
 * Tells a screen reader what has changed, politely: all bans of some seconds become one sentence.
 */

const QUIET_MILLISECONDS = 4000;

/**
 * @param {HTMLElement} element holds the texts for one and for many in its data attributes
 * @param {number} count
 * @returns {string}
 */
export function countWords(element, count) {
  if (count === 1) return element.dataset.one ?? "";
  return (element.dataset.many ?? "").replace("{count}", count.toLocaleString(document.documentElement.lang));
}

export class Announcer {
  #bans = 0;
  #timer = 0;

  /** @param {HTMLElement | null} element the live region, with its texts as data attributes */
  constructor(element) {
    this.element = element;
  }

  /** @param {"away" | "up" | "lost" | "found"} event */
  say(event) {
    if (this.element) this.element.textContent = this.element.dataset[event] ?? "";
  }

  /** @param {string} text */
  sayText(text) {
    if (this.element) this.element.textContent = text;
  }

  /** @param {number} count how many bans are new */
  addBans(count) {
    this.#bans += count;
    if (!this.#bans || this.#timer) return;
    this.#timer = window.setTimeout(() => {
      if (this.element) this.element.textContent = countWords(this.element, this.#bans);
      this.#bans = 0;
      this.#timer = 0;
    }, QUIET_MILLISECONDS);
  }
}
