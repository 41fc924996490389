/**
 * The server's clock, as far as this browser can tell: ages on the page do not depend on how the viewer's clock is set.
 */
export class Clock {
  #ahead = 0;

  /** @param {string | undefined} serverNow the server's time when it made an answer, in ISO 8601 */
  set(serverNow) {
    const moment = Date.parse(serverNow ?? "");
    if (!Number.isNaN(moment)) this.#ahead = moment - Date.now();
  }

  /** @returns {number} the server's time now, in milliseconds */
  now() {
    return Date.now() + this.#ahead;
  }
}
