/**
 * What the page shows, and how it gets a fresh copy: one request at a time, only the newest counts, and nothing is
 * sent when the state is the same.
 */

import { merge, parseRegion } from "./region.js";
import { holdRows, isAtRest, letSlideIn, markChanges, newRows } from "./rows.js";
import { updateTimes } from "./times.js";

/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("./announcer.js").Announcer} Announcer */

const PATIENCE_MILLISECONDS = 10000;

export class View {
  /** @type {HTMLElement | null} a fresh region whose rows wait for the reader */
  #held = null;
  #etag = "";
  #isBusy = false;
  #isStale = false;
  #journey = 0;

  /**
   * @param {HTMLElement} holder the element that holds the region, and says where a fresh one is to be had
   * @param {Clock} clock
   * @param {Announcer} announcer
   */
  constructor(holder, clock, announcer) {
    this.holder = holder;
    this.clock = clock;
    this.announcer = announcer;
    this.clock.set(this.region.dataset.now);
  }

  /** @returns {HTMLElement} */
  get region() {
    return /** @type {HTMLElement} */ (this.holder.querySelector("[data-region]"));
  }

  /** @returns {string} the name of the state that the page shows or holds */
  get state() {
    return (this.#held ?? this.region).dataset.state ?? "";
  }

  start() {
    this.holder.addEventListener("click", (event) => this.#followLink(event));
    window.addEventListener("popstate", () => void this.#show(location.search));
    window.addEventListener("scroll", () => this.#held && isAtRest(this.region) && this.release(), { passive: true });
  }

  /**
   * Fetch what changed and show it where the reader is not disturbed.
   * @returns {Promise<boolean>} whether the server answered
   */
  async refresh() {
    if (this.#isBusy) {
      this.#isStale = true;
      return true;
    }
    this.#isBusy = true;
    try {
      do {
        this.#isStale = false;
        const journey = this.#journey;
        const fresh = await this.#fetch(location.search);
        if (fresh && journey === this.#journey) this.#applyLive(fresh);
      } while (this.#isStale);
      return true;
    } catch {
      return false;
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * Show another view of the same page and make it the page's address.
   * @param {string} search the query part of the address
   * @param {{replace?: boolean}} [how]
   */
  async go(search, { replace = false } = {}) {
    const address = `${location.pathname}${search}`;
    if (replace) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    await this.#show(search, { isTyped: replace });
  }

  /** Show the rows that were held back. */
  release() {
    if (!this.#held) return;
    const fresh = this.#held;
    this.#held = null;
    this.#apply(fresh);
    if (!isAtRest(this.region)) this.region.querySelector("#bans")?.scrollIntoView();
  }

  /**
   * @param {string} search
   * @param {{isTyped?: boolean}} [how] what is being typed stays as it is
   */
  async #show(search, { isTyped = false } = {}) {
    const journey = ++this.#journey;
    this.#etag = "";
    this.#held = null;
    try {
      const fresh = await this.#fetch(search);
      if (!fresh || journey !== this.#journey) return;
      this.#apply(fresh);
      const form = /** @type {HTMLFormElement | null} */ (this.region.querySelector("form[data-filter]"));
      if (!isTyped) form?.reset();
      this.announcer.sayText(this.region.querySelector("#bans-title")?.textContent ?? "");
    } catch {
      location.reload(); // the server's error page, or the browser's, says more than we could
    }
  }

  /**
   * @param {string} search
   * @returns {Promise<HTMLElement | null>} null when the state is the one that we have
   */
  async #fetch(search) {
    /** @type {Record<string, string>} */
    const headers = this.#etag ? { "If-None-Match": this.#etag } : {};
    const journey = this.#journey;
    const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const answer = await fetch(`${this.holder.dataset.regions}${search}`, { headers, signal });
    if (answer.status === 304) return null;
    if (answer.status === 401) location.reload(); // logged out meanwhile: the login comes back here
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const fresh = parseRegion(await answer.text());
    if (journey === this.#journey) this.#etag = answer.headers.get("ETag") ?? "";
    return fresh;
  }

  /** @param {HTMLElement} fresh */
  #applyLive(fresh) {
    const old = this.region;
    const added = newRows(old, fresh);
    const presence = fresh.dataset.presence;
    if (presence !== old.dataset.presence && (presence === "up" || presence === "away")) this.announcer.say(presence);
    else this.announcer.addBans(newRows(this.#held ?? old, fresh).length);
    markChanges(old, fresh);
    if (added.length && !isAtRest(old)) {
      this.#held = /** @type {HTMLElement} */ (fresh.cloneNode(true));
      holdRows(old, fresh, added.length);
    } else {
      this.#held = null;
      letSlideIn(added);
    }
    this.#apply(fresh);
  }

  /** @param {HTMLElement} fresh */
  #apply(fresh) {
    const row = document.activeElement?.closest("tbody tr");
    const table = row?.closest("table")?.className;
    const place = row ? [...(row.parentElement?.children ?? [])].indexOf(row) : -1;
    this.clock.set(fresh.dataset.now);
    document.title = fresh.dataset.title ?? document.title;
    merge(this.region, fresh);
    updateTimes(this.region, this.clock);
    if (!row || row.isConnected) return;
    // The chosen row is gone; the one that took its place is the next best.
    const rows = this.region.querySelectorAll(`table.${table} tbody tr`);
    /** @type {HTMLElement | undefined} */ (rows[Math.min(place, rows.length - 1)])?.focus();
  }

  /** @param {MouseEvent} event */
  #followLink(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[data-new] button")) this.release();
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[data-view]"));
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.go(link.search).then(() => {
      const bans = /** @type {HTMLElement | null} */ (this.region.querySelector("#bans"));
      if (!link.isConnected) bans?.focus({ preventScroll: true });
      const top = bans?.getBoundingClientRect().top ?? 0;
      if (link.dataset.view === "bans" || top > window.innerHeight * 0.7 || top < 0) bans?.scrollIntoView();
    });
  }
}
