/**
 * Dragging across a chart chooses a span of time. The span is made of whole columns, so that none is cut off.
 */

const LEAST_PIXELS = 6;
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {SVGSVGElement} plot
 * @param {number} from places across the plot, from 0 to 1
 * @param {number} to
 * @returns {[number, number]} the span in milliseconds
 */
function spanOf(plot, from, to) {
  const since = Date.parse(plot.dataset.since ?? "");
  const until = Date.parse(plot.dataset.until ?? "");
  const step = Number(plot.dataset.step) * 1000;
  const [first, last] = [from, to].sort((one, other) => one - other).map((place) => since + place * (until - since));
  return [Math.max(Math.floor(first / step) * step, since), Math.min(Math.ceil(last / step) * step, until)];
}

/**
 * @param {number} moment in milliseconds
 * @returns {string} as the address of a chart says it
 */
function minute(moment) {
  return `${new Date(moment).toISOString().slice(0, 16)}Z`;
}

/**
 * @param {HTMLElement} section holds the plot, which may be exchanged at any time
 * @param {(since: string, until: string) => void} choose called with the span that was dragged
 */
export function followDrag(section, choose) {
  /** @type {{plot: SVGSVGElement, mark: SVGRectElement, start: number} | null} */
  let drag = null;
  let hasDragged = false;

  /**
   * @param {SVGSVGElement} plot
   * @param {PointerEvent} event
   */
  const placeOf = (plot, event) => {
    const box = plot.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };

  section.addEventListener("pointerdown", (event) => {
    const plot = /** @type {Element} */ (event.target).closest("[data-plot]");
    hasDragged = false;
    if (!(plot instanceof SVGSVGElement) || event.button !== 0) return;
    const mark = document.createElementNS(SVG, "rect");
    mark.setAttribute("class", "chosen-span");
    mark.setAttribute("height", "100%");
    drag = { plot, mark, start: placeOf(plot, event) };
  });

  section.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { plot, mark, start } = drag;
    const place = placeOf(plot, event);
    if (!hasDragged && Math.abs(place - start) * plot.clientWidth < LEAST_PIXELS) return;
    if (!hasDragged) plot.setPointerCapture(event.pointerId);
    hasDragged = true;
    mark.setAttribute("x", `${Math.min(start, place) * 100}%`);
    mark.setAttribute("width", `${Math.abs(place - start) * 100}%`);
    if (!mark.isConnected) plot.append(mark);
  });

  const end = () => {
    drag?.mark.remove();
    drag = null;
  };

  section.addEventListener("pointerup", (event) => {
    const dragged = drag;
    end();
    if (!dragged || !hasDragged) return;
    const [since, until] = spanOf(dragged.plot, dragged.start, placeOf(dragged.plot, event));
    if (until - since >= 60000) choose(minute(since), minute(until));
  });
  section.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => event.key === "Escape" && end());

  // A column is a link: it must not be followed, or carried away, by whoever drags across it.
  section.addEventListener("click", (event) => hasDragged && event.preventDefault(), { capture: true });
  section.addEventListener("dragstart", (event) => event.preventDefault());
}
