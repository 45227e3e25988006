// Reads a barcode with the camera, or from a photo, where the browser can. Elsewhere nothing is offered: the digits
// below the bars can always be typed.

/** What stands on packages. */
const FORMATS = ["ean_13", "ean_8", "upc_a", "itf"];
/** Time between two looks at the camera's picture, in milliseconds. */
const BETWEEN_LOOKS = 150;

/** @template {HTMLElement} E @param {string} id */
const byId = (id) => /** @type {E} */ (document.getElementById(id));

const field = /** @type {HTMLInputElement} */ (byId("barcode"));
const scan = byId("scan");
const photo = byId("photo");
const file = /** @type {HTMLInputElement} */ (byId("photo-file"));
const camera = byId("camera");
const video = /** @type {HTMLVideoElement} */ (byId("video"));
const told = byId("told");

/** @param {"looking" | "found" | "unseen" | "refused" | null} what */
function tell(what) {
  for (const line of /** @type {HTMLCollectionOf<HTMLElement>} */ (told.children)) line.hidden = line.dataset.told !== what;
}

/** @param {string} digits */
function fill(digits) {
  field.value = digits;
  tell("found");
  field.focus();
}

/**
 * Looks through the camera until a barcode is seen or the shopper stops. However this ends, the camera is off.
 *
 * @param {BarcodeDetector} detector
 * @param {AbortSignal} stopped
 * @returns {Promise<string | null>}
 */
async function look(detector, stopped) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!stopped.aborted && stream.active) {
      const [seen] = await detector.detect(video);
      if (seen) return seen.rawValue;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** @param {BarcodeDetector} detector */
function offerCamera(detector) {
  let stop = new AbortController();
  scan.hidden = false;
  scan.addEventListener("click", async () => {
    stop.abort();
    stop = new AbortController();
    const { signal } = stop;
    camera.hidden = false;
    tell("looking");
    try {
      const digits = await look(detector, signal);
      if (digits) fill(digits);
      else if (stop.signal === signal) tell(null);
    } catch (error) {
      console.warn(error);
      tell("refused");
    } finally {
      // Another press may have begun anew meanwhile.
      if (stop.signal === signal) camera.hidden = true;
    }
  });
  byId("stop").addEventListener("click", () => {
    stop.abort();
    scan.focus();
  });
  field.form?.addEventListener("reset", () => stop.abort());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop.abort();
  });
}

/** @param {BarcodeDetector} detector */
function offerPhoto(detector) {
  photo.hidden = false;
  photo.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [picture] = file.files ?? [];
    if (!picture) return;
    try {
      const [seen] = await detector.detect(await createImageBitmap(picture));
      if (seen) fill(seen.rawValue);
      else tell("unseen");
    } catch (error) {
      console.warn(error);
      tell("unseen");
    }
    // The same photo may be chosen again.
    file.value = "";
  });
}

/** Shows the buttons for what this browser can do. */
export async function offerScanning() {
  if (typeof BarcodeDetector === "undefined") return;
  const supported = await BarcodeDetector.getSupportedFormats();
  const formats = FORMATS.filter((format) => supported.includes(format));
  if (formats.length === 0) return;
  const detector = new BarcodeDetector({ formats });
  // Not there where the page came over plain http.
  if (navigator.mediaDevices) offerCamera(detector);
  offerPhoto(detector);
  field.form?.addEventListener("reset", () => tell(null));
}
