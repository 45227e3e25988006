"use strict";
// One page's life: collect, send, draw the answer, follow the address, and leave no trace when switched off.

if (!soi.running) {
  soi.running = true;
  const { plan } = soi;
  const LINES_MS = 1_000;
  /** After an in-page navigation the old page stands a while under the new address. */
  const STALE_MS = 600;
  const RETRY_MS = 300;

  /** The address that is being looked at. @type {PageState | null} */
  let state = null;
  /** @type {Watcher | null} */
  let watcher = null;
  /** Whether the shopper switched this platform off. */
  let isOff = true;
  let isBusy = false;
  /** Whether the whole page waits to be collected. */
  let isPageDue = false;
  let lastPage = "";
  let [lastAddress] = location.href.split("#");
  let timer = 0;

  const badges = soi.badges(plan, (offer) => send({ type: "open", offer }));

  /** @param {object} message @returns {Promise<Reply | undefined>} */
  async function send(message) {
    for (let attempt = 0; attempt < 2 && chrome.runtime?.id; attempt++) {
      // While the worker is waking up, nobody answers.
      const reply = await chrome.runtime.sendMessage(message).catch(() => undefined);
      if (reply) return reply;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    return undefined;
  }

  /** Takes down what stands on the page. */
  function leave() {
    watcher?.stop();
    badges.clear();
    clearTimeout(timer);
    timer = 0;
    isPageDue = false;
    state = watcher = null;
  }

  function enter(delay = 0) {
    const wasHere = state !== null;
    leave();
    const kind = isOff ? null : soi.pageKind(plan, location);
    if (!kind) {
      if (wasHere) send({ type: "left" });
      return;
    }
    const here = state = soi.newState(kind);
    lastPage = "";
    timer = setTimeout(() => {
      flush(true);
      watcher = soi.watch(plan, here, {
        page: () => flush(true),
        // Cards are wanted at once; lines arrive by the second.
        read: () => (here.newCards.length ? flush(false) : flushSoon()),
      });
    }, delay);
  }

  const flushSoon = () => { timer ||= setTimeout(flush, LINES_MS, false); };

  /** Collects and sends what is new; returns whether anything was. @param {boolean} isWhole */
  function flush(isWhole) {
    clearTimeout(timer);
    timer = 0;
    isPageDue ||= isWhole;
    if (isBusy || !state) return false;
    const snapshot = soi.collect(plan, document, location, Date.now() / 1_000, state, isPageDue);
    badges.check(state);
    const { taken_at: _, cards, lines, ...page } = snapshot;
    const first = !lastPage;
    const isNew = isPageDue && JSON.stringify(page) !== lastPage;
    if (isPageDue) lastPage = JSON.stringify(page);
    isPageDue = false;
    if (isNew || cards.length || lines.length) deliver(state, { first, snapshot: JSON.stringify(snapshot) });
    return isNew || cards.length > 0;
  }

  /** @param {Reply | undefined} reply @param {PageState} here */
  function show(reply, here) {
    if (reply?.type === "verdict") badges.draw(reply.badges, reply.lang, here);
    if (reply?.type === "silent") badges.clear();
  }

  /** Records or settings are others now. @param {Reply} reply */
  function onTold(reply) {
    if (state) show(reply, state);
  }

  /** @param {PageState} here @param {{ first: boolean, snapshot: string }} message */
  async function deliver(here, message) {
    isBusy = true;
    const reply = await send({ type: "snapshot", ...message });
    isBusy = false;
    // The shopper may have moved on while the answer was on its way.
    if (here === state) show(reply, here);
    // A batch that is full does not wait for its second: what came meanwhile would pile up behind it.
    if (isPageDue || state?.newCards.length || (state?.lines.length ?? 0) >= plan.limits.lines) flush(isPageDue);
    else if (state?.lines.length) flushSoon();
  }

  /** Without the Navigation API it is the beat that finds an in-page navigation. */
  function follow() {
    const [address] = location.href.split("#");
    if (address === lastAddress) return;
    lastAddress = address;
    enter(STALE_MS);
  }

  function beat() {
    // An update or removal of the extension orphans this script.
    if (!chrome.runtime?.id) return stop();
    follow();
    watcher?.beat();
    if (!state) return;
    badges.check(state);
    // The popup tells that the page does not let Soi draw.
    if (state.blocked && !lastPage.includes("badge_blocked")) flush(true);
  }

  /** @param {{ [key: string]: chrome.storage.StorageChange }} changes @param {string} area */
  function onChanged({ settings }, area) {
    if (area === "local" && settings) apply(settings.newValue);
  }

  /** @param {any} settings */
  function apply(settings) {
    const wasOff = isOff;
    isOff = settings?.off?.includes(plan.platform) ?? false;
    if (isOff !== wasOff) enter();
  }

  function stop() {
    clearInterval(pulse);
    globalThis.navigation?.removeEventListener("currententrychange", follow);
    leave();
    soi.running = false;
    chrome.storage?.onChanged.removeListener(onChanged);
    chrome.runtime?.onMessage?.removeListener(onTold);
  }

  const pulse = setInterval(beat, 1_000);
  globalThis.navigation?.addEventListener("currententrychange", follow);
  chrome.storage.onChanged.addListener(onChanged);
  chrome.runtime.onMessage.addListener(onTold);
  chrome.storage.local.get("settings").then(({ settings }) => apply(settings));
}
