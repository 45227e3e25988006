"use strict";
// Copies down what the plan names, and nothing else. Tests run it in ordinary pages: no extension API here.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const MAX_SCRIPT = 4 * 1024 * 1024;
  const MAX_DEPTH = 64;
  const MAX_TEXT_NODES = 30_000;
  const MAX_VALUE = 300;
  const MAX_CARD_TEXT = 200;
  /** A lone product link must not make the whole page its card. */
  const MAX_CARD_ELEMENTS = 120;
  const MAX_LINE = 500;
  /** Where a picture and such a text stand together, a card is whole: a lone one must not take in what is around it. */
  const PRICE = /₫\s?\d|\d\s?(?:₫|đ|vnđ)(?!\p{L})|\d\.\d{3}(?!\d)/iu;
  const MAX_HEARD = 1_000;
  const REPEAT_SECONDS = 10;
  /** In the place of the moment since which a caption has stood. */
  const SENT = Infinity;
  /** Bytes kept free for the address, the title, and what is said about things left out. */
  const RESERVED_BYTES = 48 * 1024;

  /** `other`: a shop that has no rules of its own, read because the shopper asked. */
  const STRUCTURED_KINDS = ["product", "shop", "live", "other"];
  const LABEL_KINDS = ["product", "shop", "other"];
  const SHAPE_KINDS = ["live", "listing", "shop", "profile"];
  const INLINE = ["B", "STRONG", "I", "EM", "U", "SMALL", "SUB", "SUP", "MARK"];
  const SILENT = "script,style,noscript,template,svg,textarea,select,[contenteditable],soi-badge";
  const NO_LABELS = `${SILENT},header,nav,[role="navigation"],[role="menu"]`;

  const encoder = new TextEncoder();
  const buffer = new Uint8Array(16_384);

  /** At most so many bytes, and no half of a surrogate pair, which the engine would refuse. @param {string} text */
  const cut = (text, limit = buffer.length) =>
    // No character has more than three bytes a unit: a short text need not be measured.
    (text.length * 3 <= limit ? text : text.slice(0, encoder.encodeInto(text, buffer.subarray(0, limit)).read))
      .toWellFormed();

  /** Most texts of a chat are plain already, and looking is cheaper than writing. @param {string} text */
  const collapse = (text) => (/^\s|\s\s|[^\S ]|\s$/.test(text) ? text.replace(/\s+/g, " ").trim() : text);

  /** As `fold` in core/src/text, and without the colon of a label. @param {string} text */
  const fold = (text) => collapse(text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d"))
    .replace(/ ?[:：]$/, "");

  /** `/@name`, `@name` and `name` are one. @param {string} text */
  const foldName = (text) => fold(text).replace(/^\/?@/, "");

  /** @param {string} address @param {Document} document */
  const absolute = (address, document) => URL.parse(address, document.baseURI)?.href ?? address;

  /** Texts as they read: a space stands before each that starts a line. @param {Node} root @param {Element} [except] */
  function piecesOf(root, except) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node === except || (node instanceof Element && node.matches(SILENT))
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    /** @type {string[]} */
    const pieces = [];
    /** @type {Element | null} */
    let last = null;
    for (let node = /** @type {Node | null} */ (root); node; node = walker.nextNode()) {
      if (node.nodeName === "BR") last = null;
      if (!(node instanceof Text)) continue;
      let block = node.parentElement;
      while (block && INLINE.includes(block.nodeName)) block = block.parentElement;
      pieces.push(block === last ? node.data : ` ${node.data}`);
      last = block;
    }
    return pieces;
  }

  /** `Vi<b>ệt</b>` is one word, two cells are two. @param {Node | null} root @param {Element} [except] */
  function textOf(root, except) {
    if (!root || (root instanceof Element && root.matches(SILENT))) return "";
    const isPlain = !(root instanceof Element && root.firstElementChild);
    return collapse(isPlain ? root.textContent ?? "" : piecesOf(root, except).join(""));
  }

  /** @param {Element} root @param {string} selector @returns {Element[]} */
  const within = (root, selector) =>
    [root.closest(selector) ?? [], ...root.querySelectorAll(selector)].flat();

  // --- data blocks ---

  /** @param {Json | undefined} value @returns {value is Json[] | { [key: string]: Json }} */
  const isNested = (value) => typeof value === "object" && value !== null;

  /** What is left of a path after the step from a container to a member of it; `key` is null in an array.
   * A path of which nothing is left has arrived.
   * @param {Step[]} path @param {string | null} key @param {Json} child @returns {Step[][]} */
  function advance(path, key, child) {
    const [step] = path;
    switch (step?.step) {
      case "key": return step.key === key ? [path.slice(1)] : [];
      case "any_key": return key !== null ? [path.slice(1)] : [];
      case "each": return key === null ? [path.slice(1)] : [];
      case "descend": return [...(isNested(child) ? [path] : []), ...advance(path.slice(1), key, child)];
      case "where":
        if (key !== null || !isNested(child)) return [];
        // The member that was asked for is copied too, so that the same path works on the copy.
        return Object.entries(child).some(([name, value]) => name === step.key && String(value) === step.value)
          ? [path.slice(1), [{ step: "key", key: step.key }]] : [];
      case "only": return key !== null && !step.keys.has(key) ? [] : isNested(child) ? [path] : [[]];
      default: return isNested(child) ? [] : [path];
    }
  }

  /** Copies the scalars to which paths lead, and the structure around them.
   * @param {Json} value @param {Step[][]} paths @param {() => void} tooDeep @returns {Json | undefined} */
  function copyPaths(value, paths, tooDeep, depth = 0) {
    if (!isNested(value)) {
      if (value === null || paths.every((path) => path.length)) return undefined;
      return typeof value === "string" ? cut(value) : value;
    }
    if (depth > MAX_DEPTH) return void tooDeep();
    /** @type {[string, Json][]} */
    const members = [];
    for (const [key, child] of Object.entries(value)) {
      const next = paths.flatMap((path) => advance(path, Array.isArray(value) ? null : key, child));
      const copied = next.length ? copyPaths(child, next, tooDeep, depth + 1) : undefined;
      if (copied !== undefined) members.push([key.toWellFormed(), copied]);
    }
    if (!members.length) return undefined;
    // `fromEntries` defines own members: `__proto__` is a key like any other.
    return Array.isArray(value) ? members.map(([, child]) => child) : Object.fromEntries(members);
  }

  /** The bracketed value that is assigned to a variable, `var x = {…}` or `window["x"] = {…}`, or else `null`;
   * brackets in strings do not count. @param {string} text @param {string} variable */
  function assigned(text, variable) {
    const name = variable.replace(/\W/g, "\\$&");
    const assignment = new RegExp(`(?<![\\w$])${name}["']?\\]?\\s*=\\s*(?=[{[])`).exec(text);
    const start = assignment ? assignment.index + assignment[0].length : text.length;
    let depth = 0;
    let isQuoted = false;
    for (let at = start; at < text.length; at++) {
      const character = text[at];
      if (character === '"') isQuoted = !isQuoted;
      else if (isQuoted) at += Number(character === "\\");
      else if (character === "{" || character === "[") depth++;
      else if ((character === "}" || character === "]") && --depth === 0) return text.slice(start, at + 1);
    }
    return assignment ? "" : "null";
  }

  /** What a script holds of what a rule asks for.
   * @param {PlanBlock} rule @param {Element} script @param {WeakMap<Element, ReadScript>} scripts */
  function readScript({ id, variable, paths }, script, scripts) {
    const text = script.textContent ?? "";
    const known = scripts.get(script);
    // A page that goes on changing is read again and again; its scripts are not.
    if (known?.rule === id && known.text === text) return known;
    /** @type {ReadScript} */
    const fresh = { rule: id, text, data: undefined, reason: text.length > MAX_SCRIPT ? "too_large" : null };
    try {
      const value = JSON.parse(fresh.reason ? "null" : variable === null ? text : assigned(text, variable));
      if (isNested(value)) fresh.data = copyPaths(value, paths, () => { fresh.reason = "too_deep"; });
    } catch {
      fresh.reason = "malformed";
    }
    scripts.set(script, fresh);
    return fresh;
  }

  /** Microdata items that are no other's property, in the shape of JSON-LD.
   * @param {Document} document @param {Set<string>} keys */
  function microdata(document, keys) {
    /** @type {Map<Element | null | undefined, { [key: string]: Json }>} */
    const items = new Map();
    /** @type {Json[]} */
    const roots = [];
    for (const element of document.querySelectorAll("[itemscope],[itemprop]")) {
      const names = (element.getAttribute("itemprop") ?? "").split(/\s+/).filter((name) => keys.has(name));
      const owner = items.get(element.parentElement?.closest("[itemscope]"));
      const type = element.getAttribute("itemtype")?.trim().split(/\s+/)[0] ?? "";
      const item = { "@type": type.replace(/^https?:\/\/(www\.)?schema\.org\//, "") };
      if (element.hasAttribute("itemscope")) items.set(element, item);
      if (items.has(element) && type.includes("schema.org") && !element.hasAttribute("itemprop")) roots.push(item);
      if (!owner || !names.length) continue;
      const value = items.get(element) ?? propertyValue(element);
      for (const name of names) owner[name] = Object.hasOwn(owner, name) ? [owner[name], value].flat() : value;
    }
    return roots;
  }

  /** @param {Element} element */
  function propertyValue(element) {
    const address = element.getAttribute("href") ?? element.getAttribute("src");
    // The standard has `content` on <meta> alone; schema.org's own examples put it on anything.
    return element.getAttribute("content") ?? (address === null ? null : absolute(address, element.ownerDocument))
      ?? element.getAttribute("value") ?? element.getAttribute("datetime") ?? textOf(element);
  }

  // --- labels and their values ---

  /** The value beside a node: the next element, or the text up to the next element that starts a line.
   * @param {Node} node @param {Set<string>} labels */
  function textAfter(node, labels) {
    let text = "";
    for (let next = node.nextSibling; next; next = next.nextSibling) {
      const isInline = next instanceof Text || INLINE.includes(next.nodeName);
      if (text && (!isInline || (next instanceof Element && labels.has(fold(textOf(next)))))) break;
      text = (text + (next instanceof Text ? next.data : textOf(next))).replace(/^\s*[:：]?\s*/, "");
      if (text && !isInline) break;
    }
    return collapse(text);
  }

  /** @param {Plan} plan @param {Document} document */
  function readLabels(plan, document) {
    const labels = new Set(plan.labels);
    const longest = Math.max(...plan.labels.map((label) => label.length)) + 10;
    /** @type {PageSnapshot["labels"]} */
    const pairs = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let seen = 0; seen < MAX_TEXT_NODES && walker.nextNode(); seen++) {
      const node = /** @type {Text} */ (walker.currentNode);
      const [label, ...rest] = node.data.slice(0, 1_000).trim().split(/\s*[:：]/);
      const folded = label.length > longest ? "" : fold(label);
      if (!labels.has(folded) || node.parentElement?.closest(NO_LABELS)) continue;
      let value = collapse(rest.join(":"));
      for (let at = /** @type {Node | null} */ (node), level = 0; at && !value && level <= 3; level++) {
        value = textAfter(at, labels);
        at = at.parentElement;
        if (at && fold(textOf(at)) !== folded) break;
      }
      if (!value || value.length > MAX_VALUE || labels.has(fold(value))) continue;
      pairs.push({ label: cut(label), value: cut(value) });
    }
    return pairs;
  }

  // --- cards ---

  /** The part of a link's address that says which product it leads to; null: to none.
   * @param {Element} link @param {RegExp[]} patterns */
  function productOf(link, patterns) {
    if (!(link instanceof HTMLAnchorElement)) return null;
    const address = link.hostname + link.pathname + link.search;
    // Parameters that follow tell visits apart, not products.
    return patterns.find((pattern) => pattern.test(address))?.exec(address)?.[0].split("?")[0] ?? null;
  }

  /** The largest element around a product link that leads to no other product.
   * @param {Element} link @param {RegExp[]} patterns */
  function cardAround(link, patterns) {
    const own = [null, productOf(link, patterns)];
    let card = link;
    const isWhole = () => card.querySelector("img") && PRICE.test(card.textContent ?? "");
    for (let up = link.parentElement; up && up !== link.ownerDocument.body && !isWhole(); up = up.parentElement) {
      if (up.getElementsByTagName("*").length > MAX_CARD_ELEMENTS) break;
      if (within(up, "a[href]").some((other) => !own.includes(productOf(other, patterns)))) break;
      card = up;
    }
    return card;
  }

  soi.readCards = (plan, roots, state) => {
    const patterns = plan.product_links.map((pattern) => new RegExp(pattern));
    const isProduct = (/** @type {Element} */ link) => productOf(link, patterns) !== null;
    const all = (/** @type {string} */ selector) => new Set(roots.flatMap((root) => within(root, selector)));
    for (const rule of plan.cards.filter(({ pages }) => pages.includes(state.kind))) {
      for (const card of all(rule.selector)) {
        const link = [card, ...card.querySelectorAll("a[href]")].find(isProduct);
        if (!link && !rule.linkless) continue;
        state.named = true;
        readCard(card, rule, link, `${link && productOf(link, patterns)}`, plan.limits, state);
      }
    }
    if (state.named || !SHAPE_KINDS.includes(state.kind)) return;
    for (const link of [...all("a[href]")].filter(isProduct)) {
      const card = cardAround(link, patterns);
      if (card.querySelector("img")) readCard(card, null, link, `${productOf(link, patterns)}`, plan.limits, state);
    }
  };

  /** @param {Element} card @param {PlanCard | null} rule @param {Element | undefined} link @param {string} product
   * @param {PlanLimits} limits @param {PageState} state */
  function readCard(card, rule, link, product, limits, state) {
    const part = (/** @type {string | null | undefined} */ selector) =>
      (selector && textOf(card.querySelector(selector))) || null;
    const title = part(rule?.title) ?? (card.querySelector("a[title]")?.getAttribute("title")
      || card.querySelector('img[alt]:not([alt=""])')?.getAttribute("alt") || null);
    const signature = `${product}\n${title}`;
    const known = state.known.get(card);
    if (known?.signature === signature) return;
    if (known) state.cards.delete(known.anchor);
    const anchor = `c${++state.anchors}`;
    state.cards.set(anchor, card);
    state.known.set(card, { anchor, signature });
    state.newCards.push({
      rule: rule?.id ?? "shape",
      anchor,
      link: link instanceof HTMLAnchorElement ? cut(link.href, 2_048) : null,
      picture: card.querySelector("img") !== null,
      title: title && cut(collapse(title), 1_000),
      shop: cut(part(rule?.shop) ?? "", 1_000) || null,
      official: rule?.official ? card.querySelector(rule.official) !== null : null,
      texts: piecesOf(card).map(collapse).filter((text) => text).slice(0, limits.card_texts)
        .map((text) => cut(text.slice(0, MAX_CARD_TEXT))),
    });
  }

  // --- lines of talk ---

  /** The rows in which something is new. A row holds no other row. @param {Iterable<Element>} roots @param {string} selector */
  function rowsOf(roots, selector) {
    /** @type {Set<Element>} */
    const rows = new Set();
    for (const root of roots) {
      const row = root.closest(selector);
      if (row) rows.add(row);
      else for (const inner of root.querySelectorAll(selector)) rows.add(inner);
    }
    return rows;
  }

  soi.readLines = (rule, roots, now, state) => {
    /** @type {string[]} */
    const captions = [];
    for (const row of rowsOf(roots, rule.row)) {
      const writer = (rule.author && row.querySelector(rule.author)) || undefined;
      const text = cut(textOf(rule.text ? row.querySelector(rule.text) : row, writer).slice(0, MAX_LINE));
      if (text && rule.kind === "caption") captions.push(text);
      else if (text && state.rows.get(row) !== text) {
        state.rows.set(row, text);
        const author = foldName(textOf(writer ?? null));
        const isHost = state.hosts.has(author) || (rule.host_sign !== null && within(row, rule.host_sign).length > 0);
        // The author's name goes into this key alone, and the key stays in this script.
        const key = `${rule.kind}\n${author}\n${text}`;
        const heard = state.heard.get(key) ?? -Infinity;
        if (state.heard.size > MAX_HEARD) state.heard.clear();
        state.heard.set(key, now);
        if (now - heard < REPEAT_SECONDS) continue;
        state.lines.push({ kind: rule.kind, speaker: isHost ? "host" : "viewer", text, at: Math.floor(now) });
      }
    }
    if (rule.kind === "caption") readCaptions(rule, captions, now, state);
  };

  /** A caption grows while it is spoken: it counts once it is replaced, or has stood for a second.
   * @param {PlanLine} rule @param {string[]} shown @param {number} now @param {PageState} state */
  function readCaptions(rule, shown, now, state) {
    const before = state.captions.get(rule.id) ?? new Map();
    const onScreen = new Map(shown.map((text) => [text, before.get(text) ?? now]));
    for (const [text, since] of [...before, ...onScreen]) {
      const isDone = now - since > 1 || !shown.some((other) => other.startsWith(text));
      if (!isDone || since === SENT || onScreen.get(text) === SENT) continue;
      if (onScreen.has(text)) onScreen.set(text, SENT);
      state.lines.push({ kind: "caption", speaker: "host", text, at: Math.floor(now) });
    }
    state.captions.set(rule.id, onScreen);
  }

  // --- the snapshot ---

  /** @param {Plan} plan @param {Document} document @param {string} address @param {PageState} state
   * @param {PageSnapshot} snapshot */
  function readPage(plan, document, address, state, snapshot) {
    const isHere = (/** @type {{ pages: PageKind[] }} */ { pages }) => pages.includes(state.kind);
    /** @param {Json | undefined} name @returns {void} */
    const addHost = (name) => {
      if (isNested(name)) Object.values(name).forEach(addHost);
      else if (name) state.hosts.add(foldName(String(name)));
    };
    for (const { path } of plan.pages) addHost(new RegExp(path).exec(address)?.groups?.handle);
    const blocks = plan.blocks.filter(isHere);
    if (plan.structured_keys.length && STRUCTURED_KINDS.includes(state.kind)) {
      const keys = new Set(plan.structured_keys);
      /** @type {Step[][]} */
      const paths = [[{ step: "only", keys }]];
      const selector = 'script[type="application/ld+json"]';
      blocks.push({ id: "jsonld", selector, variable: null, pages: [], paths, host_paths: [] });
      for (const item of microdata(document, keys)) {
        const data = copyPaths(item, paths, () => {});
        if (data !== undefined) snapshot.blocks.push({ rule: "microdata", data });
      }
    }
    for (const rule of blocks) {
      for (const script of document.querySelectorAll(rule.selector ?? "script:not([src])")) {
        if (rule.variable !== null && !script.textContent?.includes(rule.variable)) continue;
        const { text, data, reason } = readScript(rule, script, state.scripts);
        if (reason) snapshot.skipped.push({ rule: rule.id, reason, amount: text.length });
        if (data === undefined) continue;
        snapshot.blocks.push({ rule: rule.id, data });
        addHost(copyPaths(data, rule.host_paths, () => {}));
      }
    }
    for (const meta of document.querySelectorAll("meta[property],meta[name]")) {
      const name = meta.getAttribute("property") ?? meta.getAttribute("name") ?? "";
      if (plan.meta.includes(name)) snapshot.meta.push({ name, content: cut(meta.getAttribute("content") ?? "") });
    }
    if (LABEL_KINDS.includes(state.kind) && document.body) snapshot.labels = readLabels(plan, document);
    for (const rule of plan.selectors.filter(isHere)) {
      const element = document.querySelector(rule.selector);
      const value = !element ? "" : rule.presence ? "true"
        : rule.attribute ? element.getAttribute(rule.attribute)?.trim() : textOf(element);
      if (!value) continue;
      snapshot.fields.push({ rule: rule.id, value: cut(value) });
      if (rule.host) addHost(value);
    }
    for (const rule of plan.lines) {
      soi.readLines(rule, document.querySelectorAll(rule.container), snapshot.taken_at, state);
    }
    soi.readCards(plan, [document.documentElement], state);
  }

  /** Leaves out what the engine would refuse, and says so. @param {PageSnapshot} snapshot @param {PlanLimits} limits */
  function fit(snapshot, { bytes, pairs, lines, cards, blocks }) {
    let left = bytes - RESERVED_BYTES;
    // What matters most comes first: a data block that fills the snapshot does not push out the cards.
    const most = { fields: pairs, meta: pairs, labels: pairs, lines, cards, blocks };
    const isMany = Object.entries(most).some(([name, limit]) =>
      snapshot[/** @type {keyof typeof most} */ (name)].length > limit);
    // No character takes more than three bytes: most snapshots need no closer look.
    const fits = !isMany && JSON.stringify(snapshot).length * 3 <= left;
    for (const [name, limit] of fits ? [] : Object.entries(most)) {
      /** @type {any[]} */
      const items = snapshot[/** @type {keyof typeof most} */ (name)];
      const kept = items.filter((item, index) => {
        const amount = encoder.encode(JSON.stringify(item)).length + 1;
        const reason = index >= limit ? "too_many" : amount > left ? "too_large" : null;
        if (reason) snapshot.skipped.push({ rule: item.rule ?? name, reason, amount });
        else left -= amount;
        return !reason;
      });
      items.splice(0, items.length, ...kept);
    }
    snapshot.skipped.splice(pairs);
    return snapshot;
  }

  soi.pageKind = (plan, location) => {
    if (!plan.pages.length) return "other";
    const address = location.pathname + location.search;
    return plan.pages.find(({ host, path }) =>
      (host === null || host === location.hostname) && new RegExp(path).test(address))?.kind ?? null;
  };

  soi.newState = (kind) => ({
    kind, cards: new Map(), known: new WeakMap(), anchors: 0, named: false, newCards: [], hosts: new Set(),
    scripts: new WeakMap(), rows: new WeakMap(), heard: new Map(), captions: new Map(), lines: [], blocked: false,
  });

  soi.collect = (plan, document, location, now, state, isWhole = true) => {
    const address = location.pathname + location.search;
    const wall = plan.walls.find(({ selector, path }) =>
      (selector !== null && document.querySelector(selector)) || (path !== null && new RegExp(path).test(address)));
    const canonical = document.querySelector('link[rel~="canonical"]')?.getAttribute("href")
      ?? document.querySelector('meta[property="og:url"]')?.getAttribute("content");
    /** @type {PageSnapshot} */
    const snapshot = {
      version: 1, platform: plan.platform, url: cut(location.href),
      canonical: canonical ? cut(absolute(canonical, document), 2_048) : null,
      title: cut(document.title, 1_000), taken_at: Math.floor(now), wall: wall?.id ?? null,
      blocks: [], meta: [], labels: [], fields: [], cards: [], lines: [], skipped: [],
    };
    if (wall) return snapshot;
    if (state.blocked) snapshot.skipped.push({ rule: "badge", reason: "badge_blocked", amount: null });
    if (isWhole) readPage(plan, document, address, state, snapshot);
    for (const [anchor, element] of state.cards) {
      if (!element.isConnected && state.known.delete(element)) state.cards.delete(anchor);
    }
    state.newCards = state.newCards.filter(({ anchor }) => state.cards.has(anchor));
    snapshot.cards = state.newCards.splice(0, plan.limits.cards);
    snapshot.lines = state.lines.splice(0, plan.limits.lines);
    return fit(snapshot, plan.limits);
  };
}
