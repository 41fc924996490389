/**
 * The link to the server: a stream of events while it lasts, plain requests while it does not, and a notice on the page
 * when neither gets through.
 *
 * A browser allows six connections to a server, and a stream holds one. So a page that nobody sees gives its stream up
 * and catches up when it is looked at again.
 */

/** @typedef {import("./view.js").View} View */
/** @typedef {import("./announcer.js").Announcer} Announcer */

const SILENCE = 20000;
const GRACE = 1500;
const HIDDEN = 5000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;

export class Link {
  /** @type {EventSource | null} */
  #stream = null;
  #pause = FIRST_PAUSE;
  #retryTimer = 0;
  #lostTimer = 0;
  #hiddenTimer = 0;
  #heardAt = 0;

  /**
   * @param {View} view
   * @param {Announcer} announcer
   * @param {HTMLElement | null} notice shown while the server cannot be reached
   */
  constructor(view, announcer, notice) {
    this.view = view;
    this.announcer = announcer;
    this.notice = notice;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.#followVisibility());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (event) => event.persisted && void this.tryNow());
    window.addEventListener("online", () => void this.tryNow());
    setInterval(() => this.#watch(), SILENCE / 4);
    this.#open();
  }

  /** Try to reach the server now. */
  async tryNow() {
    window.clearTimeout(this.#retryTimer);
    const isThere = await this.view.refresh();
    if (isThere) {
      this.#hear();
      if (!this.#stream) this.#open();
    } else {
      this.#fail();
    }
  }

  #open() {
    this.#close();
    const stream = new EventSource(`${document.documentElement.dataset.base ?? ""}/events?since=${encodeURIComponent(this.view.state)}`);
    this.#stream = stream;
    const hear = () => {
      this.#hear();
      this.#pause = FIRST_PAUSE;
    };
    stream.addEventListener("changed", () => {
      hear();
      void this.view.refresh().then((isThere) => isThere || this.#fail());
    });
    for (const kind of ["fresh", "beat"]) {
      stream.addEventListener(kind, (event) => {
        hear();
        if (kind === "fresh") this.#noteAge(JSON.parse(event.data).takenAt);
      });
    }
    stream.addEventListener("error", () => {
      if (stream === this.#stream) this.#fail();
    });
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
  }

  /** The server was heard of. */
  #hear() {
    this.#heardAt = Date.now();
    window.clearTimeout(this.#lostTimer);
    this.#lostTimer = 0;
    if (this.notice && !this.notice.hidden) {
      this.notice.hidden = true;
      this.announcer.say("found");
    }
    this.view.holder.classList.remove("is-lost");
    this.view.holder.classList.add("is-live");
  }

  /** The server did not answer, or the stream broke: try again, each time a little later. */
  #fail() {
    this.#close();
    this.#lostTimer ||= window.setTimeout(() => this.#showLost(), GRACE);
    window.clearTimeout(this.#retryTimer);
    this.#retryTimer = window.setTimeout(() => void this.tryNow(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  #showLost() {
    const holder = this.view.holder;
    holder.classList.remove("is-live");
    holder.classList.add("is-lost");
    const since = /** @type {HTMLTimeElement | null} */ (document.getElementById("lost-since"));
    if (since) since.dateTime = this.view.region.dataset.takenAt ?? since.dateTime;
    if (this.notice?.hidden) {
      this.notice.hidden = false;
      this.announcer.say("lost");
    }
  }

  /** @param {string | null} takenAt when the daemon last confirmed the numbers that the page shows */
  #noteAge(takenAt) {
    if (!takenAt) return;
    this.view.region.dataset.takenAt = takenAt;
    const age = /** @type {HTMLTimeElement | null} */ (this.view.region.querySelector("#age time"));
    if (age) age.dateTime = takenAt;
  }

  #followVisibility() {
    window.clearTimeout(this.#hiddenTimer);
    if (document.hidden) this.#hiddenTimer = window.setTimeout(() => this.#close(), HIDDEN);
    else if (!this.#stream) void this.tryNow();
  }

  /** A connection can die without a word; the server speaks every few seconds, so silence means that it did. */
  #watch() {
    if (this.#stream && Date.now() - this.#heardAt > SILENCE) this.#fail();
  }
}
