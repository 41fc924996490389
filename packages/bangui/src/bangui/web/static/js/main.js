/**
 * Starts what a page has: colours, keys, times, and (on the overview) the live view.
 *
 * Each part is built here and handed what it needs; no module keeps state of its own.
 */

import { Announcer } from "./announcer.js";
import { Chart } from "./chart.js";
import { Clock } from "./clock.js";
import { listenToKeys } from "./keys.js";
import { Link } from "./link.js";
import { followSearch } from "./search.js";
import { Selection } from "./selection.js";
import { followTheme } from "./theme.js";
import { keepTimes } from "./times.js";
import { View } from "./view.js";

/**
 * @param {HTMLElement} regions
 * @param {Clock} clock
 * @returns {View}
 */
function startLiveView(regions, clock) {
  const announcer = new Announcer(document.getElementById("announcer"));
  const view = new View(regions, clock, announcer);
  const link = new Link(view, announcer, document.getElementById("lost"));
  view.start();
  followSearch(regions, view);
  document.getElementById("retry")?.addEventListener("click", () => void link.tryNow());
  link.start();
  return view;
}

/**
 * @param {HTMLElement} list
 * @returns {Selection | null}
 */
function startSelection(list) {
  const bar = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-selection]"));
  if (!bar) return null;
  const selection = new Selection(list, bar);
  selection.start();
  return selection;
}

const clock = new Clock();
const regions = document.getElementById("regions");
followTheme(document);
const view = regions ? startLiveView(regions, clock) : null;
if (!regions) clock.set(/** @type {HTMLElement | null} */ (document.querySelector("[data-now]"))?.dataset.now);
keepTimes(document, clock);
listenToKeys(document, () => view?.release(), regions && startSelection(regions));
const chart = document.getElementById("chart");
if (chart?.dataset.source) new Chart(chart, clock).start();
