/**
 * The switch of colours. The choice lives in a cookie, so that the server can put it into the page before the first
 * pixel is drawn.
 */

const YEAR = 31536000;

/** @param {Document} page */
export function followTheme(page) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (page.querySelectorAll("input[name=theme]"))) {
    input.addEventListener("change", () => {
      page.documentElement.dataset.theme = input.value;
      const scheme = input.value === "system" ? "light dark" : input.value;
      page.querySelector("meta[name=color-scheme]")?.setAttribute("content", scheme);
      page.cookie = `bangui_theme=${input.value}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
    });
  }
}
