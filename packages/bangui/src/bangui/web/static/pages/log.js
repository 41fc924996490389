/**
 * Follows a log: new lines come in at the bottom. Whoever has scrolled up is left alone, and is told how many are new.
 *
 * A browser allows six connections to a server, and a stream holds one. So a page that nobody sees gives its stream up,
 * and goes on from the last line that it has when it is looked at again.
 */

import { countWords } from "../js/announcer.js";
import { parseRegion } from "../js/region.js";

/** More lines than this are not kept in the page. */
const MOST_LINES = 2000;
/** How far (in pixels) from the bottom still counts as at the bottom. */
const NEAR = 24;
const HIDDEN = 5000;
const PAUSE = 4000;
/** The server speaks every few seconds; a connection can die without a word. */
const SILENCE = 20000;

class LogFollower {
  /** @type {EventSource | null} */
  #stream = null;
  #place = "";
  #waiting = 0;
  #heardAt = 0;
  #isOver = false;
  #retryTimer = 0;
  #hiddenTimer = 0;

  /**
   * @param {HTMLElement} box the part of the page that scrolls
   * @param {HTMLElement | null} note holds the button that leads to new lines
   * @param {HTMLElement | null} state says how the following goes
   */
  constructor(box, note, state) {
    this.box = box;
    this.note = note;
    this.state = state;
  }

  start() {
    this.box.classList.add("is-followed");
    this.#toBottom();
    this.box.addEventListener("scroll", () => this.#isAtBottom() && this.#catchUp(), { passive: true });
    this.note?.querySelector("button")?.addEventListener("click", () => {
      this.#toBottom();
      this.box.focus();
    });
    document.addEventListener("visibilitychange", () => this.#followVisibility());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#open());
    setInterval(() => this.#stream && Date.now() - this.#heardAt > SILENCE && this.#lose(), SILENCE / 4);
    this.#open();
  }

  #open() {
    this.#close();
    if (this.#isOver) return;
    const address = new URL(this.box.dataset.stream ?? "", location.href);
    if (this.#place) address.searchParams.set("since", this.#place);
    const stream = new EventSource(address);
    this.#stream = stream;
    this.#heardAt = Date.now();
    stream.addEventListener("open", () => this.#say("live"));
    stream.addEventListener("lines", (event) => {
      this.#hear(event);
      this.#add(JSON.parse(event.data));
    });
    stream.addEventListener("beat", (event) => this.#hear(event));
    stream.addEventListener("gone", (event) => {
      this.#isOver = true;
      this.#close();
      if (this.state) this.state.textContent = JSON.parse(event.data).text;
    });
    stream.addEventListener("error", () => stream === this.#stream && this.#lose());
  }

  #close() {
    window.clearTimeout(this.#retryTimer);
    this.#stream?.close();
    this.#stream = null;
  }

  #lose() {
    this.#close();
    this.#say("lost");
    this.#retryTimer = window.setTimeout(() => this.#open(), PAUSE);
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    this.#heardAt = Date.now();
    this.#place = event.lastEventId || this.#place;
    this.#say("live");
  }

  /** @param {{html: string, count: number}} news */
  #add({ html, count }) {
    const fresh = parseRegion(html);
    const list = this.box.querySelector("ol");
    if (!fresh || !list) return;
    const isAtBottom = this.#isAtBottom();
    document.getElementById("log-empty")?.remove();
    list.append(...fresh.children);
    if (isAtBottom) {
      this.#toBottom();
      return;
    }
    this.#waiting += count;
    this.#tell();
    if (list.children.length > 2 * MOST_LINES) {
      // Whoever reads far above would have all of the log in their page after a while.
      this.#close();
      this.#say("held");
    }
  }

  #isAtBottom() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight <= NEAR;
  }

  #toBottom() {
    this.box.scrollTop = this.box.scrollHeight;
    this.#catchUp();
  }

  /** The newest lines are in sight: the oldest may go, and a stream that was given up goes on. */
  #catchUp() {
    this.#waiting = 0;
    this.#tell();
    const list = this.box.querySelector("ol");
    const surplus = (list?.children.length ?? 0) - MOST_LINES;
    if (surplus > 0) {
      [...(list?.children ?? [])].slice(0, surplus).forEach((line) => line.remove());
      this.box.scrollTop = this.box.scrollHeight;
    }
    if (!this.#stream && this.state?.textContent === this.state?.dataset.held) this.#open();
  }

  #tell() {
    const button = this.note?.querySelector("button");
    if (!this.note || !button) return;
    this.note.hidden = this.#waiting === 0;
    button.textContent = countWords(button, this.#waiting);
  }

  /** @param {"live" | "lost" | "held"} words */
  #say(words) {
    const text = this.state?.dataset[words] ?? "";
    if (this.state && this.state.textContent !== text) this.state.textContent = text;
  }

  #followVisibility() {
    window.clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = window.setTimeout(() => this.#close(), HIDDEN);
    else if (!this.#stream) this.#open();
  }
}

const box = /** @type {HTMLElement | null} */ (document.querySelector(".log-box[data-stream]"));
if (box) new LogFollower(box, document.querySelector(".log-new"), document.getElementById("log-state")).start();
