/**
 * Keeps the times on a page true: relative words go on, exact times are shown in the viewer's zone.
 *
 * The rules are those of the server's words.py and durations.py; a test compares both.
 */

/** @typedef {import("./clock.js").Clock} Clock */

/** Of things that happened longer ago than this (in seconds), the day matters. */
const A_WHILE = 2 * 86400;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/**
 * @param {number} seconds
 * @returns {string} `42 s`, `4 min`, `23 h`, `12 days`
 */
export function roughDuration(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 2 * 86400) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86400)} days`;
}

/**
 * @param {string} words which words: `ago`, `when`, `for`, `left` or `clock`
 * @param {number} moment in milliseconds
 * @param {number} now in milliseconds
 * @returns {string}
 */
export function timeWords(words, moment, now) {
  const passed = (now - moment) / 1000;
  switch (words) {
    case "ago":
      return passed < 1 ? "just now" : `${roughDuration(passed)} ago`;
    case "when":
      return passed < A_WHILE ? timeWords("ago", moment, now) : dateAndTime.format(moment);
    case "for":
      return roughDuration(Math.max(passed, 0));
    case "left":
      return -passed < 1 ? "ending" : `${roughDuration(passed)} left`;
    default:
      return now - moment < 43200000 ? timeOfDay.format(moment) : exact.format(moment);
  }
}

/**
 * Bring every time inside `root` up to date.
 * @param {ParentNode} root
 * @param {Clock} clock
 */
export function updateTimes(root, clock) {
  const now = clock.now();
  for (const element of /** @type {NodeListOf<HTMLTimeElement>} */ (root.querySelectorAll("time[data-words]"))) {
    const moment = Date.parse(element.dateTime);
    if (Number.isNaN(moment)) continue;
    const words = timeWords(element.dataset.words ?? "", moment, now);
    if (element.textContent !== words) element.textContent = words;
    const title = exact.format(moment);
    if (element.title !== title) element.title = title;
  }
}

/**
 * Keep all times of a page up to date while somebody can see it.
 * @param {Document} page
 * @param {Clock} clock
 */
export function keepTimes(page, clock) {
  const update = () => {
    if (!page.hidden) updateTimes(page, clock);
  };
  update();
  setInterval(update, 1000);
  page.addEventListener("visibilitychange", update);
}
