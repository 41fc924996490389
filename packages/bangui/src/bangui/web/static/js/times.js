/**
 * Keeps the times on a page true: relative words go on, exact times are shown in the viewer's zone.
 *
 * The rules are those of the server's words.py and durations.py; a test compares both.
 */

/** @typedef {import("./clock.js").Clock} Clock */

/** Of things that happened longer ago than this (in seconds), the day matters. */
const A_WHILE = 2 * 86400;
// The language of the page, as the viewer's own country writes it.
const language = document.documentElement.lang;
export const locale = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });
const dateAndTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const timeOfDay = new Intl.DateTimeFormat(locale, { timeStyle: "medium" });

/** @typedef {{s: string, min: string, h: string, days: string}} Units */
/** @type {{now: string, ending: string, ago: Units, for: Units, left: Units}} the server's words for times */
const WORDS = JSON.parse(document.querySelector("meta[name=time-words]")?.getAttribute("content") ?? "{}");

/**
 * @param {number} seconds
 * @param {Units} units
 * @returns {string} `42 s`, `4 min`, `23 h`, `12 days`
 */
function roughly(seconds, units) {
  const whole = Math.floor(Math.max(seconds, 0));
  const say = (/** @type {string} */ words, /** @type {number} */ size) =>
    words.replace("%(n)s", String(Math.floor(whole / size)));
  if (whole < 60) return say(units.s, 1);
  if (whole < 3600) return say(units.min, 60);
  if (whole < 2 * 86400) return say(units.h, 3600);
  return say(units.days, 86400);
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
      return passed < 1 ? WORDS.now : roughly(passed, WORDS.ago);
    case "when":
      return passed < A_WHILE ? timeWords("ago", moment, now) : dateAndTime.format(moment);
    case "for":
      return roughly(passed, WORDS.for);
    case "left":
      return -passed < 1 ? WORDS.ending : roughly(-passed, WORDS.left);
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
