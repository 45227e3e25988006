// The try-it-here page: Soi's engine and sheet in any browser, with no extension and no server behind it.
// The build puts the engine and the popup's templates beside this file.

import { withEngine } from "./engine.js";

const failure = /** @type {HTMLElement} */ (document.getElementById("failure"));
let lang = navigator.language.startsWith("en") ? "en" : "vi";
let shown = "";

// The sheet's templates stand in the popup: one set, used by both.
async function borrowTemplates() {
  const answer = await fetch("popup/popup.html");
  const popup = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.body.append(...popup.querySelectorAll("template"));
}

/** @param {(soi: any) => void} work */
async function attempt(work) {
  failure.hidden = true;
  try {
    await withEngine(work);
  } catch (error) {
    failure.textContent = error instanceof Error ? error.message : String(error);
    failure.hidden = false;
  }
}

/** @param {string} snapshot */
function show(snapshot) {
  shown = snapshot;
  return attempt((soi) => {
    soi.trialShow(shown, lang);
    document.getElementById("empty")?.setAttribute("hidden", "");
  });
}

function localise() {
  return attempt((soi) => {
    soi.trialLanguage(lang);
    if (shown) soi.trialShow(shown, lang);
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.dataset.lang) {
    lang = button.dataset.lang;
    await localise();
  } else if (button.dataset.example) {
    const answer = await fetch(`examples/${button.dataset.example}.json`);
    await show(await answer.text());
  } else if (button.dataset.action) {
    await attempt((soi) => soi.popupPressed(event));
  }
});

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(JSON.stringify(snapshotOf(new FormData(form))));
});

/**
 * What the form says, as a snapshot of a page that says exactly that. See `core/src/page/snapshot.rs`.
 * @param {FormData} form
 */
function snapshotOf(form) {
  const text = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  const months = text("shop-months");
  const labels = [
    { label: "Xuất xứ", value: text("origin") },
    { label: "Tên tổ chức chịu trách nhiệm hàng hóa", value: text("responsible-name") },
    { label: "Địa chỉ tổ chức chịu trách nhiệm hàng hóa", value: text("responsible-address") },
    { label: "Mã vạch", value: text("barcode") },
    { label: "Tham gia", value: months && `${months} tháng trước` },
  ];
  const rating = { ratingValue: text("rating").replace(",", "."), ratingCount: text("rating-count"), bestRating: "5" };
  // An address that belongs to nobody.
  const url = "https://shop.example/san-pham";
  const product = {
    "@type": "Product",
    url,
    name: text("title"),
    description: text("description"),
    ...(rating.ratingValue && rating.ratingCount && { aggregateRating: rating }),
  };
  return {
    version: 1,
    platform: "schemaorg",
    url,
    canonical: url,
    title: product.name,
    taken_at: Math.floor(Date.now() / 1000),
    blocks: [{ rule: "jsonld", data: product }],
    labels: labels.filter(({ value }) => value),
  };
}

await borrowTemplates();
await localise();
