// The label check: what stands on the box that has come, held against what the listing claimed. The same page on the
// web, where it stays on the phone once it has been opened, and in the extension, where it comes from the popup.

import { attempt, openSheet, readForm, snapshotOf } from "../sheet.js";
import { offerScanning } from "./scan.js";

/** The label's lines by field: the words by which `core/knowledge/labels.toml` knows each. */
const LINES = {
  barcode: "Mã vạch",
  origin: "Xuất xứ",
  "responsible-name": "Tên tổ chức chịu trách nhiệm hàng hóa",
  "responsible-address": "Địa chỉ tổ chức chịu trách nhiệm hàng hóa",
  "tax-code": "Mã số thuế",
  importer: "Nhà nhập khẩu",
  registration: "Số công bố",
  made: "Ngày sản xuất",
  expiry: "Hạn sử dụng",
  ingredients: "Thành phần",
};

const form = /** @type {HTMLFormElement} */ (document.getElementById("form"));
const sheet = /** @type {HTMLElement} */ (document.getElementById("sheet"));
const result = /** @type {HTMLElement} */ (document.getElementById("result"));
const empty = /** @type {HTMLElement} */ (document.getElementById("empty"));
const reading = /** @type {HTMLElement} */ (document.getElementById("reading"));
const isOnTheWeb = location.protocol.startsWith("http");
/** The snapshot that the sheet shows. */
let shown = "";

function tell() {
  const isEmpty = sheet.childElementCount === 0;
  empty.hidden = !isEmpty;
  reading.hidden = isEmpty;
}

function labelSnapshot() {
  const text = readForm(form);
  const lines = Object.entries(LINES).map(([name, label]) => ({ label, value: text(name) }));
  return snapshotOf({ name: text("listing-title"), description: text("listing-text") }, lines);
}

/**
 * Fills in what the listing claimed, where the shopper can see and change it.
 * @param {{ title?: string, description?: string, origin?: string, barcode?: string }} listing
 */
function carry({ title, description, origin, barcode }) {
  const stated = [
    [LINES.origin, origin],
    [LINES.barcode, barcode],
  ];
  const lines = stated.filter(([, value]) => value).map(([label, value]) => `${label}: ${value}`);
  /** @type {HTMLInputElement} */ (form.elements.namedItem("listing-title")).value = title ?? "";
  /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("listing-text")).value = [...lines, description ?? ""].join("\n").trim();
  /** @type {HTMLElement} */ (document.getElementById("carried")).hidden = false;
}

// Not awaited: the page works without, and the next opening tries again.
function stayOnThePhone() {
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = "../app.webmanifest";
  document.head.append(manifest);
  navigator.serviceWorker?.register("../service-worker.js").catch(console.warn);
}

if (isOnTheWeb) stayOnThePhone();
const carried = isOnTheWeb ? undefined : await attempt((soi) => soi.labelCarried());
if (carried?.listing) carry(carried.listing);
const redraw = await openSheet((soi, lang) => {
  if (shown) soi.labelShow(shown, lang);
  tell();
}, carried?.lang);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  shown = labelSnapshot();
  await redraw();
  // On a phone the result is below the form: the eye and the screen reader go there.
  result.focus();
});

form.addEventListener("reset", () => {
  shown = "";
  sheet.replaceChildren();
  tell();
});

offerScanning();
