// The try-it-here page: Soi's engine and sheet in any browser, with no extension and no server behind it.
// The build puts the engine and the popup's templates beside this file.

import { openSheet, readForm, snapshotOf } from "./sheet.js";

const empty = /** @type {HTMLElement} */ (document.getElementById("empty"));
const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
let shown = "";

const redraw = await openSheet((soi, lang) => {
  if (!shown) return;
  soi.trialShow(shown, lang);
  empty.hidden = true;
});

/** @param {string} snapshot */
function show(snapshot) {
  shown = snapshot;
  return redraw();
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button?.dataset.example) return;
  const answer = await fetch(`examples/${button.dataset.example}.json`);
  await show(await answer.text());
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(formSnapshot());
});

function formSnapshot() {
  const text = readForm(form);
  const months = text("shop-months");
  const rating = { ratingValue: text("rating").replace(",", "."), ratingCount: text("rating-count"), bestRating: "5" };
  const isRated = rating.ratingValue && rating.ratingCount;
  return snapshotOf(
    { name: text("title"), description: text("description"), ...(isRated && { aggregateRating: rating }) },
    [
      { label: "Xuất xứ", value: text("origin") },
      { label: "Tên tổ chức chịu trách nhiệm hàng hóa", value: text("responsible-name") },
      { label: "Địa chỉ tổ chức chịu trách nhiệm hàng hóa", value: text("responsible-address") },
      { label: "Mã vạch", value: text("barcode") },
      { label: "Tham gia", value: months && `${months} tháng trước` },
    ],
  );
}
