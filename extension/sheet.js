// What pages with a sheet of their own share, outside the popup: its language, its failures, the popup's templates, and
// the snapshot of what a reader has typed.

import { withEngine } from "./engine.js";

const failure = /** @type {HTMLElement} */ (document.getElementById("failure"));

/**
 * Calls into the engine, and says so on the page when that fails.
 *
 * @template T
 * @param {(soi: any) => T | Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function attempt(work) {
  failure.hidden = true;
  try {
    return await withEngine(work);
  } catch (error) {
    failure.textContent = error instanceof Error ? error.message : String(error);
    failure.hidden = false;
    return undefined;
  }
}

/**
 * Puts the page into a language, draws its sheet, and does what its buttons say.
 *
 * @param {(soi: any, lang: string) => void} draw shows what there is to show by now
 * @param {string} [lang] the browser's, unless something better is known
 * @returns {Promise<() => Promise<void>>} draws again
 */
export async function openSheet(draw, lang = navigator.language.startsWith("en") ? "en" : "vi") {
  const redraw = () => attempt((soi) => draw(soi, lang));
  const localise = () => attempt((soi) => soi.trialLanguage(lang)).then(redraw);

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset.lang) {
      lang = button.dataset.lang;
      localise();
    } else if (button?.dataset.action) {
      attempt((soi) => soi.popupPressed(event));
    }
  });

  // The sheet's templates stand in the popup: one set, used by all.
  const answer = await fetch(new URL("popup/popup.html", import.meta.url));
  const popup = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.append(...popup.querySelectorAll("template"));
  await localise();
  return redraw;
}

/**
 * A page that says exactly this, as a snapshot. See `core/src/page/snapshot.rs`.
 *
 * @param {{ [key: string]: Json }} product schema.org's Product
 * @param {{ label: string, value: string }[]} labels those without a value are not on the page
 */
export function snapshotOf(product, labels) {
  // An address that belongs to nobody.
  const url = "https://shop.example/san-pham";
  return JSON.stringify({
    version: 1,
    platform: "schemaorg",
    url,
    canonical: url,
    title: product.name ?? "",
    taken_at: Math.floor(Date.now() / 1000),
    blocks: [{ rule: "jsonld", data: { "@type": "Product", url, ...product } }],
    labels: labels.filter(({ value }) => value),
  });
}

/**
 * What a form says, by the names of its fields.
 *
 * @param {HTMLFormElement} form
 * @returns {(name: string) => string}
 */
export function readForm(form) {
  const given = new FormData(form);
  return (name) => String(given.get(name) ?? "").trim();
}
