// Packs: signed data. They lie in the package and in the cache, and come from the address in the settings, once a day or
// when the shopper asks. The browser looks at signature and hash; Rust (`src/packs.rs`) decides what is used. Whatever
// fails is logged, and the pack in use stays in use. Nothing about the shopper is in a request.

/** Bytes of a pack's header, and of its signed part (`core/src/pack/mod.rs`). */
const HEADER = 176;
const SIGNED = 112;
const TIMEOUT_MS = 60_000;
const MAX_LOG = 20;
const CACHE = "packs";

/** A delta changes the records before it. @type {["knowledge", "records", "delta"]} */
const KINDS = ["knowledge", "records", "delta"];

/** The cache wants addresses for names; nobody ever asks these. @param {string} kind */
const slot = (kind) => `https://packs.invalid/${kind}`;

/**
 * Takes a pack into use, or says why not.
 * @param {any} soi @param {string} kind @param {Uint8Array<ArrayBuffer>} bytes @param {boolean} isOwn whether the package brought it
 */
async function take(soi, kind, bytes, isOwn) {
  const key = soi.packKey(kind, bytes, isOwn);
  const [imported, hash] = await Promise.all([
    crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]),
    crypto.subtle.digest("SHA-256", bytes.subarray(HEADER)),
  ]);
  const signature = bytes.subarray(SIGNED, HEADER);
  const fits = await crypto.subtle.verify("Ed25519", imported, signature, bytes.subarray(0, SIGNED));
  soi.takePack(kind, bytes, isOwn, fits, new Uint8Array(hash));
}

/**
 * One job with packs at a time, whichever page or worker does it: a press in the options may meet the daily alarm.
 * @template T
 * @param {() => Promise<T>} job
 * @returns {Promise<T>}
 */
const alone = (job) => (navigator.locks ? navigator.locks.request(CACHE, job) : job());

/** The packs as they lie in the package and in the cache. */
export function readPacks() {
  const own = async () => (await fetch(new URL("packs/public.pack", import.meta.url))).arrayBuffer();
  // Not `open`: that would make a cache where there is none, as on the pages without an extension.
  /** @param {string} kind */
  const kept = async (kind) => (await caches.match(slot(kind), { cacheName: CACHE }))?.arrayBuffer();
  return Promise.allSettled([own(), Promise.all(KINDS.map(kept))]);
}

/**
 * Puts into use what lies in the package and in the cache. Without any, Soi works and says that it has no records.
 * @param {any} soi @param {ReturnType<typeof readPacks>} [read] when they are being read already
 */
export const usePacks = (soi, read) => alone(() => use(soi, read));

/** @param {any} soi @param {ReturnType<typeof readPacks>} read */
async function use(soi, read = readPacks()) {
  const [own, kept] = await read;
  soi.dropPacks();
  /** @param {string} kind @param {ArrayBuffer} bytes @param {boolean} isOwn */
  const attempt = (kind, bytes, isOwn) =>
    take(soi, kind, new Uint8Array(bytes), isOwn).catch(async (error) => {
      console.warn(`${kind}: ${error.message}`);
      // What this build refuses is fetched anew, not asked for by its tag.
      if (!isOwn) await (await caches.open(CACHE)).delete(slot(kind));
    });
  if (own.status === "fulfilled") await attempt("records", own.value, true);
  else console.warn(own.reason);
  if (kept.status === "rejected") return console.warn(kept.reason);
  for (const [at, kind] of KINDS.entries()) {
    const bytes = kept.value[at];
    if (bytes) await attempt(kind, bytes, false);
  }
}

/**
 * Reads a reply, but no more than its header says that there is: what goes on behind it is refused, not waited for.
 * @param {any} soi @param {Response} reply
 */
async function bytesOf(soi, reply) {
  const reader = reply.body?.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const whole = async () => new Uint8Array(await new Blob(parts).arrayBuffer());
  let length = 0;
  /** @type {number | undefined} */
  let stated;
  try {
    while (stated === undefined || length <= stated) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length >= HEADER) stated ??= soi.packLength((await whole()).subarray(0, HEADER));
    }
    return await whole();
  } finally {
    await reader?.cancel();
  }
}

/**
 * Fetches a pack and keeps it; returns whether it is new.
 * @param {any} soi @param {string} kind @param {string} url
 */
async function fetchPack(soi, kind, url) {
  const cache = await caches.open(CACHE);
  const tag = (await cache.match(slot(kind)))?.headers.get("ETag");
  const reply = await fetch(url, {
    headers: tag ? { "If-None-Match": tag } : {},
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (reply.status === 304) return false;
  if (!reply.ok) throw new Error(`pack.http: ${reply.status}`);
  const bytes = await bytesOf(soi, reply);
  const before = soi.packsInUse();
  await take(soi, kind, bytes, false);
  const etag = reply.headers.get("ETag");
  await cache.put(slot(kind), new Response(bytes, { headers: etag ? { ETag: etag } : {} }));
  if (kind === "records") await cache.delete(slot("delta"));
  return soi.packsInUse() !== before;
}

/**
 * Asks the address in the settings for newer packs: of records first for what changed since those in use, then for all.
 * What came of it is stored under `packs`: who shows records listens to that.
 * @param {any} soi
 */
export const refreshPacks = (soi) => alone(() => refresh(soi));

/** @param {any} soi */
async function refresh(soi) {
  /** @type {{ settings?: any, packs?: any }} */
  const { settings, packs } = await chrome.storage.local.get(["settings", "packs"]);
  const origin = settings?.packs;
  if (!origin) return;
  const at = Math.floor(Date.now() / 1_000);
  /** @type {{ at: number, message: string }[]} */
  const log = packs?.log ?? [];
  /** @param {string} kind @param {string} name @param {boolean} mayBeMissing */
  const attempt = async (kind, name, mayBeMissing) => {
    try {
      return (await fetchPack(soi, kind, `${origin}/${name}.pack`)) ? "updated" : "current";
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (mayBeMissing && message === "pack.http: 404") return "missing";
      log.push({ at, message: `${kind}: ${message}` });
      return "failed";
    }
  };
  const base = soi.baseSequence();
  const outcomes = [await attempt("knowledge", `knowledge-${soi.knowledgeLayout()}`, true)];
  const changed = base ? await attempt("delta", `delta-${base}`, true) : "missing";
  const isChanged = changed === "updated" || changed === "current";
  outcomes.push(isChanged ? changed : await attempt("records", "records", false));
  const outcome = ["failed", "updated"].find((outcome) => outcomes.includes(outcome)) ?? "current";
  await chrome.storage.local.set({ packs: { at, outcome, log: log.slice(-MAX_LOG) } });
}

/** Forgets what came from an address: the package's own pack is left. */
export const forgetPacks = () => alone(async () => {
  await caches.delete(CACHE);
  await chrome.storage.local.remove("packs");
});
