// Keeps the label check on the phone: all files of one build, or none. The build writes `BUILD` before this.
// A new build waits until no page of the old one is open, so that no page ever runs on files of two.

const PREFIX = "soi-label-";
const CACHE = PREFIX + BUILD.hash;

addEventListener("install", (event) => {
  // Not from the browser's own cache, which may still hold files of an older build.
  const wanted = BUILD.files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(wanted)));
});

addEventListener("activate", (event) => {
  const isOld = (/** @type {string} */ name) => name.startsWith(PREFIX) && name !== CACHE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name)))),
  );
});

addEventListener("fetch", (event) => {
  const kept = caches.open(CACHE).then((cache) => cache.match(event.request, { ignoreSearch: true }));
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
