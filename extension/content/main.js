"use strict";
// One page's life: collect, send, draw the answer, follow the address, and leave no trace when switched off.

if (!soi.running) {
  soi.running = true;
  const { plan } = soi;
  const LINES_MS = 1_000;
  /** After an in-page navigation the old page stands a while under the new address. */
  const STALE_MS = 600;
  const RETRY_MS = 300;

  /** @type {PageState | null} */
  let state = null;
  /** @type {Watcher | null} */
  let watcher = null;
  /** Whether the whole page waits to be collected. */
  let isPageDue = false;
  let isFirst = true;
  let isBusy = false;
  let hasSent = false;
  /** Whether the shopper switched this platform off. */
  let isOff = true;
  let lastPage = "";
  let wasBlocked = false;
  let timer = 0;

  const badges = soi.badges(plan, (offer) => send({ type: "open", offer }));

  /** @param {object} message @returns {Promise<Reply | undefined>} */
  async function send(message) {
    for (let attempt = 0; attempt < 2; attempt++) {
      if (!chrome.runtime?.id) break;
      try {
        const reply = await chrome.runtime.sendMessage(message);
        if (reply) return reply;
      } catch {
        // The worker is waking up, or the extension is gone: the next round tells.
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    if (!chrome.runtime?.id) stop();
    return undefined;
  }

  /** Takes down what stands on the page; an address that is left is reported once. */
  function leave() {
    watcher?.stop();
    badges.clear();
    clearTimeout(timer);
    timer = 0;
    isPageDue = false;
    state = watcher = null;
  }

  function enter(delay = 0) {
    leave();
    const kind = isOff ? null : soi.pageKind(plan, location);
    if (!kind) {
      if (hasSent) send({ type: "left" });
      hasSent = false;
      return;
    }
    const here = state = soi.newState(kind);
    isFirst = true;
    wasBlocked = false;
    lastPage = "";
    timer = setTimeout(() => {
      flush(true);
      watcher = soi.watch(plan, here, {
        page: () => flush(true),
        read: () => {
          // Cards are wanted at once; lines arrive by the second.
          if (here.newCards.length) flush(false);
          else flushSoon();
        },
      });
    }, delay);
  }

  function flushSoon() {
    timer ||= setTimeout(flush, LINES_MS, false);
  }

  /** Collects and sends what is new; returns whether anything was. @param {boolean} isWhole */
  function flush(isWhole) {
    clearTimeout(timer);
    timer = 0;
    isPageDue ||= isWhole;
    if (isBusy || !state) return false;
    const snapshot = soi.collect(plan, document, location, Date.now() / 1_000, state, isPageDue);
    badges.check(state);
    const { taken_at: _, cards, lines, ...page } = snapshot;
    const isNew = isPageDue && JSON.stringify(page) !== lastPage;
    if (isPageDue) lastPage = JSON.stringify(page);
    isPageDue = false;
    if (isNew || cards.length || lines.length) deliver(state, JSON.stringify(snapshot));
    return isNew || cards.length > 0;
  }

  /** @param {PageState} here @param {string} snapshot */
  async function deliver(here, snapshot) {
    isBusy = true;
    const first = isFirst;
    isFirst = false;
    hasSent = true;
    const reply = await send({ type: "snapshot", first, snapshot });
    isBusy = false;
    // The shopper may have moved on while the answer was on its way.
    if (here === state && reply?.type === "verdict") badges.draw(reply.badges, reply.lang, here);
    if (here === state && reply?.type === "silent") badges.clear();
    if (isPageDue || state?.newCards.length) flush(isPageDue);
    else if (state?.lines.length) flushSoon();
  }

  /** @param {{ off?: string[] } | undefined} settings */
  function apply(settings) {
    const wasOff = isOff;
    isOff = settings?.off?.includes(plan.platform) ?? false;
    if (isOff !== wasOff) enter();
  }

  /** @param {{ [key: string]: chrome.storage.StorageChange }} changes @param {string} area */
  const onChanged = ({ settings }, area) => {
    if (area === "local" && settings) apply(/** @type {{ off?: string[] } | undefined} */ (settings.newValue));
  };

  const unfollow = soi.follow(() => enter(STALE_MS), () => {
    // An update or removal of the extension orphans this script.
    if (!chrome.runtime?.id) return stop();
    watcher?.beat();
    if (!state) return;
    badges.check(state);
    // The popup tells that the page does not let Soi draw.
    if (state.blocked !== wasBlocked) flush(true);
    wasBlocked = state.blocked;
  });

  function stop() {
    unfollow();
    leave();
    soi.running = false;
    chrome.storage?.onChanged.removeListener(onChanged);
  }

  chrome.storage.onChanged.addListener(onChanged);
  chrome.storage.local.get("settings").then(({ settings }) => apply(/** @type {{ off?: string[] }} */ (settings)));
}
