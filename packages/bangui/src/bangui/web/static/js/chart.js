/**
 * The time chart: another range, another number or another span comes without loading the page anew, and becomes its
 * address. Without this module its links load the page.
 */

import { merge, parseRegion } from "./region.js";
import { locale, updateTimes } from "./times.js";
import { followDrag } from "./zoom.js";

/** @typedef {import("./clock.js").Clock} Clock */

const PATIENCE_MILLISECONDS = 10000;
const PARAMETERS = ["range", "since", "until", "show"];
const timeOfDay = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });

export class Chart {
  #journey = 0;
  #isBusy = false;
  #shownAt = Date.now();

  /**
   * @param {HTMLElement} section
   * @param {Clock} clock
   */
  constructor(section, clock) {
    this.section = section;
    this.clock = clock;
  }

  start() {
    this.#localise();
    this.section.addEventListener("click", (event) => this.#followLink(event));
    followDrag(this.section, (since, until) => void this.go({ since, until }));
    window.addEventListener("popstate", () => void this.#show());
    setInterval(() => this.#refresh(), 1000);
  }

  /**
   * Show another span and make it the page's address; what else the address says stays.
   * @param {{range?: string, since?: string, until?: string, show?: string}} words
   */
  async go(words) {
    const parameters = new URLSearchParams(location.search);
    /** @type {Record<string, string | undefined>} */
    const wanted = { ...words, show: words.show ?? parameters.get("show") ?? "" };
    for (const name of PARAMETERS) {
      parameters.delete(name);
      if (wanted[name]) parameters.set(name, wanted[name]);
    }
    const search = parameters.toString();
    history.pushState(null, "", `${location.pathname}${search ? `?${search}` : ""}`);
    await this.#show();
  }

  /** @param {MouseEvent} event */
  #followLink(event) {
    const link = /** @type {Element} */ (event.target).closest("a[data-chart]");
    if (!(link instanceof HTMLAnchorElement) || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.go({ show: "", ...Object.fromEntries(new URLSearchParams(link.search)) });
  }

  /** Show what the address says. */
  async #show() {
    const journey = ++this.#journey;
    try {
      const fresh = await this.#fetch();
      if (journey === this.#journey) this.#apply(fresh);
    } catch {
      location.reload(); // the server's error page, or the browser's, says more than we could
    }
  }

  /** Fetch the same chart again when it may have moved on, while somebody can see it. */
  async #refresh() {
    const seconds = Number(this.section.dataset.refresh ?? 0);
    const isDue = seconds > 0 && Date.now() - this.#shownAt >= seconds * 1000;
    if (!isDue || this.#isBusy || document.hidden || this.section.querySelector(".chosen-span")) return;
    const journey = this.#journey;
    this.#isBusy = true;
    try {
      const fresh = await this.#fetch();
      if (journey === this.#journey && !this.section.querySelector(".chosen-span")) this.#apply(fresh);
    } catch {
      this.#shownAt = Date.now(); // the notice of a lost connection is the page's business
    } finally {
      this.#isBusy = false;
    }
  }

  /** @returns {Promise<Element>} */
  async #fetch() {
    const source = /** @type {string} */ (this.section.dataset.source).replace(/\?.*/, "");
    const asked = new URLSearchParams(location.search);
    const parameters = new URLSearchParams([...asked].filter(([name]) => PARAMETERS.includes(name)));
    const answer = await fetch(`${source}?${parameters}`, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const fresh = parseRegion(await answer.text())?.firstElementChild;
    if (!fresh) throw new Error("no chart");
    return fresh;
  }

  /** @param {Element} fresh */
  #apply(fresh) {
    this.#shownAt = Date.now();
    merge(this.section, fresh);
    this.#localise();
    updateTimes(this.section, this.clock);
  }

  /** Times of day on the axis are those of the viewer's zone. */
  #localise() {
    for (const text of /** @type {NodeListOf<SVGTextElement>} */ (this.section.querySelectorAll("text[data-time]"))) {
      text.textContent = timeOfDay.format(Date.parse(text.dataset.time ?? ""));
    }
  }
}
