"use strict";
// Copies down what the plan names, and nothing else. Tests run it in ordinary pages: no extension API here.

globalThis.soi ??= /** @type {Soi} */ ({});
{
  const MAX_SCRIPT = 4 * 1024 * 1024;
  const MAX_REPAIR = 256 * 1024;
  const MAX_DEPTH = 64;
  const MAX_STRUCTURED_DEPTH = 16;
  const MAX_VISITS = 200_000;
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
  /** Bytes kept free for what is said about things left out. */
  const SKIPPED_BYTES = 16_384;

  /** `other`: a shop that has no rules of its own, read because the shopper asked. */
  const STRUCTURED_KINDS = new Set(["product", "shop", "live", "other"]);
  const LABEL_KINDS = new Set(["product", "shop", "other"]);
  const SHAPE_KINDS = new Set(["live", "listing", "shop", "profile"]);
  const UNNAMED_KEYS = new Set(["__proto__", "constructor", "prototype"]);
  const INLINE = new Set(["B", "STRONG", "I", "EM", "U", "SMALL", "SUB", "SUP", "MARK"]);
  const SILENT = "script,style,noscript,template,svg,textarea,select,[contenteditable],soi-badge";
  const NO_LABELS = `${SILENT},header,nav,[role="navigation"],[role="menu"]`;

  const encoder = new TextEncoder();

  /** @param {unknown} value */
  const jsonBytes = (value) => encoder.encode(JSON.stringify(value)).length;

  /** At most so many bytes, and no half of a surrogate pair, which the engine would refuse.
   * @param {string} text */
  function cut(text, limit = 16_384) {
    const short = text.slice(0, limit).toWellFormed();
    if (short.length * 3 <= limit) return short;
    return short.slice(0, encoder.encodeInto(short, new Uint8Array(limit)).read);
  }

  /** @param {string} text */
  const collapse = (text) => text.replace(/\s+/g, " ").trim();

  /** As `fold` in core/src/text, and without the colon of a label. @param {string} text */
  const fold = (text) =>
    collapse(text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d"))
      .replace(/ ?[:：]$/, "");

  /** @param {Node} root @param {Element | null} except */
  function textRuns(root, except) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node === except || (node instanceof Element && node.matches(SILENT))
        ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    /** @type {{ text: string, glued: boolean }[]} */
    const runs = [];
    /** @type {Element | null} */
    let line = null;
    for (let node = /** @type {Node | null} */ (root); node; node = walker.nextNode()) {
      if (node.nodeName === "BR") line = null;
      if (!(node instanceof Text) || !node.data.trim()) continue;
      let block = node.parentElement;
      while (block && INLINE.has(block.nodeName)) block = block.parentElement;
      runs.push({ text: node.data, glued: block === line });
      line = block;
    }
    return runs;
  }

  /** Text as it reads: `Vi<b>ệt</b>` is one word, two cells are two. @param {Node | null} root
   * @param {Element | null} [except] */
  function textOf(root, except = null) {
    if (!root || (root instanceof Element && root.matches(SILENT))) return "";
    if (!(root instanceof Element && root.firstElementChild)) return collapse(root.textContent ?? "");
    return collapse(textRuns(root, except).map(({ text, glued }) => (glued ? text : ` ${text}`)).join(""));
  }

  /** @param {Element} root @param {string} selector @returns {Element[]} */
  const within = (root, selector) => {
    const around = root.closest(selector);
    return around ? [around, ...root.querySelectorAll(selector)] : [...root.querySelectorAll(selector)];
  };

  // --- data blocks ---

  /** What is left of a path; null: it has arrived. @typedef {{ step: Step, next: Position } | null} Position */

  /** @param {Json | undefined} value @returns {value is Json[] | { [key: string]: Json }} */
  const isNested = (value) => typeof value === "object" && value !== null;

  /** `**` is a place to stay and a place to go on from. @param {Position} position @param {Position[]} into */
  function reach(position, into) {
    into.push(position);
    if (position?.step.step === "descend") reach(position.next, into);
  }

  /** Where a path stands after a step from a container to one of its members; `key` is null in an array.
   * @param {Position} position @param {string | null} key @param {Json} child @param {Position[]} into */
  function advance(position, key, child, into) {
    if (!position) {
      if (!isNested(child)) into.push(null);
      return;
    }
    const { step, next } = position;
    if (step.step === "key" ? step.key === key
      : step.step === "any_key" ? key !== null && !UNNAMED_KEYS.has(key)
      : step.step === "each" && key === null) {
      reach(next, into);
    } else if (step.step === "descend") {
      if (isNested(child) && !(key !== null && UNNAMED_KEYS.has(key))) reach(position, into);
    } else if (step.step === "where" && key === null && isNested(child) && !Array.isArray(child)
      && Object.hasOwn(child, step.key) && String(child[step.key]) === step.value) {
      reach(next, into);
      // The member that was asked for is copied too, so that the same path works on the copy.
      into.push({ step: { step: "key", key: step.key }, next: null });
    }
  }

  /** Copies scalars and the structure around them, as far as `lead` leads: an empty list leads nowhere.
   * @param {Json} root @param {Position[]} start @param {number} maxDepth @param {() => void} tooDeep
   * @param {(positions: Position[], key: string | null, child: Json) => Position[]} lead */
  function copyPart(root, start, maxDepth, tooDeep, lead) {
    let visits = MAX_VISITS;
    /** @param {Json} value @param {Position[]} positions @param {number} depth @returns {Json | undefined} */
    const copy = (value, positions, depth) => {
      if (!isNested(value)) {
        if (value === null || !positions.includes(null)) return undefined;
        return typeof value === "string" ? cut(value) : value;
      }
      if (depth > maxDepth || visits <= 0) return void tooDeep();
      const list = Array.isArray(value) ? value : null;
      /** @type {[string, Json][]} */
      const members = [];
      for (const key of list ? list.keys() : Object.keys(value)) {
        if (visits-- <= 0) break;
        const child = /** @type {{ [key: string]: Json }} */ (value)[key];
        const next = lead(positions, list ? null : String(key), child);
        const copied = next.length ? copy(child, next, depth + 1) : undefined;
        if (copied !== undefined) members.push([String(key).toWellFormed(), copied]);
      }
      if (!members.length) return undefined;
      // `fromEntries` defines own members: `__proto__` is a key like any other.
      return list ? members.map(([, child]) => child) : Object.fromEntries(members);
    };
    return copy(root, start, 0);
  }

  /** @param {Json} root @param {Step[][]} paths @param {() => void} tooDeep */
  function copyPaths(root, paths, tooDeep) {
    /** @type {Position[]} */
    const start = [];
    for (const steps of paths) {
      reach(steps.reduceRight((next, step) => ({ step, next }), /** @type {Position} */ (null)), start);
    }
    return copyPart(root, start, MAX_DEPTH, tooDeep, (positions, key, child) => {
      /** @type {Position[]} */
      const into = [];
      for (const position of positions) advance(position, key, child, into);
      return into;
    });
  }

  /** @param {string} text @returns {Json | undefined} */
  function parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** The bracketed value that starts at `start`; brackets in strings do not count.
   * @param {string} text @param {number} start */
  function bracketed(text, start) {
    let depth = 0;
    let quoted = false;
    for (let at = start; at < text.length; at++) {
      const character = text[at];
      if (quoted) {
        if (character === "\\") at++;
        else if (character === '"') quoted = false;
      } else if (character === '"') quoted = true;
      else if (character === "{" || character === "[") depth++;
      else if ((character === "}" || character === "]") && --depth === 0) return text.slice(start, at + 1);
    }
    return "";
  }

  /** The first JSON value assigned to a variable: `var x = {…}`, `window["x"] = {…}`; null: none is assigned.
   * @param {string} text @param {string} variable */
  function parseAssigned(text, variable) {
    const name = variable.replace(/\W/g, "\\$&");
    const assignments = text.matchAll(new RegExp(`(?<![\\w$])${name}["']?\\]?\\s*=\\s*(?=[{[])`, "g"));
    /** @type {Json | undefined} */
    let value = null;
    for (let tries = 0; tries < 3; tries++) {
      const { value: found } = assignments.next();
      if (!found) break;
      value = parse(bracketed(text, found.index + found[0].length));
      if (value !== undefined) break;
    }
    return value;
  }

  /** JSON as shops write it by hand: comments, CDATA, trailing commas, line breaks within strings.
   * @param {string} text */
  function parseLoosely(text) {
    const value = parse(text);
    if (value !== undefined || text.length > MAX_REPAIR) return value;
    const string = '"(?:[^"\\\\]|\\\\[^])*"';
    const noise = "//[^\\n]*|/\\*[^]{0,2000}?\\*/|<!--[^{[]{0,500}?-->|<!--|-->|<!\\[CDATA\\[|\\]\\]>";
    const clean = text.replace(new RegExp(`${string}|${noise}`, "g"), (token) => token.startsWith('"')
      ? token.replace(/[\0-\x1f]/g, (control) => JSON.stringify(control).slice(1, -1)) : "");
    const trailing = new RegExp(`${string}|,(?=\\s*[}\\]])`, "g");
    return parse(clean.replace(trailing, (token) => token === "," ? "" : token));
  }

  // --- schema.org ---

  /** @param {Json} root @param {Set<string>} keys @param {() => void} tooDeep */
  const copyKeys = (root, keys, tooDeep) => copyPart(root, [null], MAX_STRUCTURED_DEPTH, tooDeep,
    (positions, key) => (key === null || keys.has(key) ? positions : []));

  /** @type {{ [tag: string]: string }} */
  const VALUE_ATTRIBUTES = {
    AUDIO: "src", EMBED: "src", IFRAME: "src", IMG: "src", SOURCE: "src", TRACK: "src", VIDEO: "src",
    A: "href", AREA: "href", LINK: "href", OBJECT: "data", DATA: "value", METER: "value", TIME: "datetime",
  };

  /** @param {Element} element */
  function microdataValue(element) {
    const attribute = VALUE_ATTRIBUTES[element.tagName] ?? "content";
    const given = element.getAttribute(attribute);
    if (given !== null && ["src", "href", "data"].includes(attribute)) {
      return cut(URL.parse(given, element.baseURI)?.href ?? given);
    }
    // The standard has `content` on <meta> alone; schema.org's own examples put it on anything.
    return cut(given ?? element.getAttribute("content") ?? textOf(element));
  }

  /** A microdata item in the shape of JSON-LD. @param {Element} item @param {Set<string>} keys
   * @param {Element[]} outer @returns {Json} */
  function microdataItem(item, keys, outer = []) {
    /** @type {Map<string, Json[]>} */
    const values = new Map();
    const [type] = item.getAttribute("itemtype")?.trim().split(/\s+/) ?? [];
    if (type) values.set("@type", [type.replace(/^https?:\/\/(www\.)?schema\.org\//, "")]);
    const referred = (item.getAttribute("itemref") ?? "").split(/\s+/)
      .flatMap((id) => (id && item.ownerDocument.getElementById(id)) || []);
    const properties = [item, ...referred].flatMap((root) =>
      [root, ...root.querySelectorAll("[itemprop]")].filter((element) => {
        if (element === root) return root !== item && root.hasAttribute("itemprop");
        const scope = element.parentElement?.closest("[itemscope]") ?? null;
        return root === item ? scope === item : !root.contains(scope);
      }));
    const line = [...outer, item];
    for (const element of properties) {
      const names = (element.getAttribute("itemprop") ?? "").split(/\s+/).filter((name) => keys.has(name));
      const nested = element.hasAttribute("itemscope");
      if (!names.length || (nested && (line.includes(element) || line.length > MAX_STRUCTURED_DEPTH))) continue;
      const value = nested ? microdataItem(element, keys, line) : microdataValue(element);
      for (const name of names) values.set(name, [...(values.get(name) ?? []), value]);
    }
    return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
  }

  // --- labels and their values ---

  /** The value beside a node: the next element, or the text up to the next element that starts a line.
   * @param {Node} node @param {Set<string>} labels */
  function textAfter(node, labels) {
    let text = "";
    for (let next = node.nextSibling; next; next = next.nextSibling) {
      const inline = next instanceof Text || INLINE.has(next.nodeName);
      if (text && (!inline || (next instanceof Element && labels.has(fold(textOf(next)))))) break;
      text = (text + (next instanceof Text ? next.data : textOf(next))).replace(/^\s*[:：]?\s*/, "");
      if (text && !inline) break;
    }
    return collapse(text);
  }

  /** @param {Plan} plan @param {Document} document */
  function readLabels(plan, document) {
    const labels = new Set(plan.labels);
    const longest = Math.max(...plan.labels.map((label) => label.length));
    /** Whether a label starts like this: folding every text of a page whole would be dear.
     * @type {Map<string, boolean>} */
    const starts = new Map();
    /** @type {PageSnapshot["labels"]} */
    const pairs = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let seen = 0; seen < MAX_TEXT_NODES && walker.nextNode(); seen++) {
      const node = /** @type {Text} */ (walker.currentNode);
      const text = node.data.slice(0, 1_000).trim();
      const start = text.slice(0, 4);
      if (!starts.has(start)) starts.set(start, plan.labels.some((label) => label.startsWith(fold(start))));
      if (!text || !starts.get(start)) continue;
      const [label, ...rest] = text.split(/\s*[:：]/);
      if (label.length > longest + 10) continue;
      const folded = fold(label);
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
    for (const pattern of patterns) {
      const match = pattern.exec(address);
      // Parameters that follow tell visits apart, not products.
      if (match) return match[0].split("?")[0];
    }
    return null;
  }

  /** The largest element around a product link that leads to no other product.
   * @param {Element} link @param {RegExp[]} patterns */
  function cardAround(link, patterns) {
    const product = productOf(link, patterns);
    let card = link;
    const isWhole = () => card.querySelector("img") && PRICE.test(card.textContent ?? "");
    for (let up = link.parentElement; up && up !== link.ownerDocument.body && !isWhole(); up = up.parentElement) {
      if (up.getElementsByTagName("*").length > MAX_CARD_ELEMENTS) break;
      if (within(up, "a[href]").some((other) => ![null, product].includes(productOf(other, patterns)))) break;
      card = up;
    }
    return card;
  }

  /** @param {Plan} plan @param {PageState} state @param {Element[]} roots @param {RegExp[]} patterns */
  function findCards(plan, state, roots, patterns) {
    /** @type {Map<Element, { rule: PlanCard | null, link: Element | null }>} */
    const found = new Map();
    const isProduct = (/** @type {Element} */ link) => productOf(link, patterns) !== null;
    for (const rule of plan.cards.filter(({ pages }) => pages.includes(state.kind))) {
      for (const card of roots.flatMap((root) => within(root, rule.selector))) {
        const link = [card, ...card.querySelectorAll("a[href]")].find(isProduct) ?? null;
        if ((link || rule.linkless) && !found.has(card)) found.set(card, { rule, link });
      }
    }
    state.named ||= found.size > 0;
    if (state.named || !SHAPE_KINDS.has(state.kind)) return found;
    for (const link of roots.flatMap((root) => within(root, "a[href]")).filter(isProduct)) {
      const card = cardAround(link, patterns);
      if (card.querySelector("img") && !found.has(card)) found.set(card, { rule: null, link });
    }
    return found;
  }

  soi.readCards = (plan, roots, state) => {
    const patterns = plan.product_links.map((pattern) => new RegExp(pattern));
    for (const [element, { rule, link }] of findCards(plan, state, roots, patterns)) {
      const part = (/** @type {string | null | undefined} */ selector) =>
        (selector && textOf(element.querySelector(selector))) || null;
      const title = part(rule?.title) ?? (element.querySelector("a[title]")?.getAttribute("title")
        || element.querySelector('img[alt]:not([alt=""])')?.getAttribute("alt") || null);
      const signature = `${link && productOf(link, patterns)}\n${title}`;
      const known = state.known.get(element);
      if (known?.signature === signature) continue;
      if (known) state.cards.delete(known.anchor);
      const anchor = `c${++state.anchors}`;
      state.cards.set(anchor, element);
      state.known.set(element, { anchor, signature });
      state.newCards.push({
        rule: rule?.id ?? "shape",
        anchor,
        link: link instanceof HTMLAnchorElement ? cut(link.href, 2_048) : null,
        picture: element.querySelector("img") !== null,
        title: title && cut(collapse(title), 1_000),
        shop: cut(part(rule?.shop) ?? "", 1_000) || null,
        official: rule?.official ? element.querySelector(rule.official) !== null : null,
        texts: textRuns(element, null).slice(0, plan.limits.card_texts)
          .map(({ text }) => cut(collapse(text).slice(0, MAX_CARD_TEXT))),
      });
    }
  };

  /** The next cards to send, those in view first; the rest stay for the next snapshot.
   * @param {PageState} state @param {number} most */
  function takeCards(state, most) {
    for (const [anchor, element] of state.cards) {
      if (!element.isConnected && state.known.delete(element)) state.cards.delete(anchor);
    }
    state.newCards = state.newCards.filter(({ anchor }) => state.cards.has(anchor));
    if (state.newCards.length > most) {
      const inView = Map.groupBy(state.newCards, ({ anchor }) => {
        const { top, bottom } = /** @type {Element} */ (state.cards.get(anchor)).getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      state.newCards = [...(inView.get(true) ?? []), ...(inView.get(false) ?? [])];
    }
    return state.newCards.splice(0, most);
  }

  // --- lines of talk ---

  /** A caption grows while it is spoken: it counts once it is replaced, or has stood for a second.
   * @param {PlanLine} rule @param {string[]} shown @param {number} now @param {PageState} state */
  function readCaptions(rule, shown, now, state) {
    const before = state.captions.get(rule.id) ?? [];
    const onScreen = [...new Set(shown)].map((text) =>
      before.find((caption) => caption.text === text) ?? { text, since: now, sent: false });
    const replaced = before.filter((caption) => !shown.some((text) => text.startsWith(caption.text)));
    for (const caption of [...replaced, ...onScreen.filter(({ since }) => now - since > 1)]) {
      if (caption.sent) continue;
      caption.sent = true;
      state.lines.push({ kind: "caption", speaker: "host", text: caption.text, at: Math.floor(now) });
    }
    state.captions.set(rule.id, onScreen);
  }

  soi.readLines = (rule, roots, now, state) => {
    /** @type {string[]} */
    const shown = [];
    for (const row of new Set([...roots].flatMap((root) => within(root, rule.row)))) {
      const writer = rule.author ? row.querySelector(rule.author) : null;
      const text = cut(textOf(rule.text ? row.querySelector(rule.text) : row, writer).slice(0, MAX_LINE));
      if (text) shown.push(text);
      if (!text || rule.kind === "caption" || state.rows.get(row) === text) continue;
      state.rows.set(row, text);
      // The author's name goes into this key alone, and the key stays in this script.
      const author = fold(textOf(writer)).replace(/^@/, "");
      const key = `${rule.kind}\n${author}\n${text}`;
      const heard = state.heard.get(key) ?? -Infinity;
      state.heard.delete(key);
      state.heard.set(key, now);
      const [oldest] = state.heard.keys();
      if (state.heard.size > MAX_HEARD && oldest !== undefined) state.heard.delete(oldest);
      if (now - heard < REPEAT_SECONDS) continue;
      const isHost = state.hosts.has(author) || (rule.host_sign !== null && within(row, rule.host_sign).length > 0);
      state.lines.push({ kind: rule.kind, speaker: isHost ? "host" : "viewer", text, at: Math.floor(now) });
    }
    if (rule.kind === "caption") readCaptions(rule, shown, now, state);
  };

  // --- the snapshot ---

  /** @param {Plan} plan @param {Document} document @param {Location} location @param {PageState} state
   * @param {PageSnapshot} snapshot */
  function readPage(plan, document, location, state, snapshot) {
    const isHere = (/** @type {{ pages: PageKind[] }} */ { pages }) => pages.includes(state.kind);
    /** @param {string} rule @param {Element} script @param {(text: string) => Json | undefined} read
     * @param {(value: Json, tooDeep: () => void) => Json | undefined} copy */
    const add = (rule, script, read, copy) => {
      const text = script.textContent ?? "";
      let known = state.scripts.get(script);
      // A page that goes on changing is read again and again; its scripts are not.
      if (!known || known.rule !== rule || known.text !== text) {
        /** @type {ReadScript} */
        const fresh = { rule, text, data: undefined, reason: text.length > MAX_SCRIPT ? "too_large" : null };
        const value = fresh.reason ? null : read(text);
        if (value === undefined) fresh.reason = "malformed";
        if (isNested(value)) fresh.data = copy(value, () => { fresh.reason = "too_deep"; });
        state.scripts.set(script, known = fresh);
      }
      if (known.reason) snapshot.skipped.push({ rule, reason: known.reason, amount: text.length });
      if (known.data !== undefined) snapshot.blocks.push({ rule, data: known.data });
    };
    /** @param {string | undefined} name */
    const addHost = (name) => name && state.hosts.add(fold(name).replace(/^\/?@/, ""));
    /** @param {Json | undefined} value @returns {void} */
    const addHosts = (value) => (isNested(value) ? Object.values(value).forEach(addHosts) : void addHost(String(value ?? "")));
    const address = location.pathname + location.search;
    for (const { path } of plan.pages) addHost(new RegExp(path).exec(address)?.groups?.handle);
    for (const { id, selector, variable, paths, host_paths } of plan.blocks.filter(isHere)) {
      for (const script of document.querySelectorAll(selector ?? "script:not([src])")) {
        if (variable !== null && !script.textContent?.includes(variable)) continue;
        add(id, script, (text) => (variable === null ? parse(text) : parseAssigned(text, variable)),
          (value, tooDeep) => copyPaths(value, paths, tooDeep));
        const block = snapshot.blocks.at(-1);
        if (block?.rule === id) addHosts(copyPaths(block.data, host_paths, () => {}));
      }
    }
    if (plan.structured_keys.length && STRUCTURED_KINDS.has(state.kind)) {
      const keys = new Set(plan.structured_keys);
      for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
        add("jsonld", script, parseLoosely, (value, tooDeep) => copyKeys(value, keys, tooDeep));
      }
      for (const item of document.querySelectorAll('[itemscope][itemtype*="schema.org"]:not([itemprop])')) {
        snapshot.blocks.push({ rule: "microdata", data: microdataItem(item, keys) });
      }
    }
    for (const meta of document.querySelectorAll("meta[property],meta[name]")) {
      const name = meta.getAttribute("property") ?? meta.getAttribute("name") ?? "";
      if (plan.meta.includes(name)) snapshot.meta.push({ name, content: cut(meta.getAttribute("content") ?? "") });
    }
    if (LABEL_KINDS.has(state.kind) && document.body) snapshot.labels = readLabels(plan, document);
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

  /** Leaves out what the engine would refuse, and says so.
   * @param {PageSnapshot} snapshot @param {PlanLimits} limits */
  function fit(snapshot, limits) {
    const { fields, meta, labels, lines, cards, blocks, ...rest } = snapshot;
    let left = limits.bytes - SKIPPED_BYTES - jsonBytes({ ...rest, skipped: [] });
    /** @template {object} T @param {string} name @param {T[]} items @param {number} most */
    const keep = (name, items, most) => items.filter((item, index) => {
      const amount = jsonBytes(item) + 1;
      const fits = index < most && amount <= left;
      const rule = "rule" in item ? String(item.rule) : name;
      if (fits) left -= amount;
      else snapshot.skipped.push({ rule, reason: index < most ? "too_large" : "too_many", amount });
      return fits;
    });
    // What matters most comes first: a data block that fills the snapshot does not push out the cards.
    snapshot.fields = keep("fields", fields, limits.pairs);
    snapshot.meta = keep("meta", meta, limits.pairs);
    snapshot.labels = keep("labels", labels, limits.pairs);
    snapshot.lines = keep("lines", lines, limits.lines);
    snapshot.cards = keep("cards", cards, limits.cards);
    snapshot.blocks = keep("blocks", blocks, limits.blocks);
    snapshot.skipped = snapshot.skipped.slice(0, limits.pairs);
  }

  soi.pageKind = (plan, location) => {
    if (!plan.pages.length) return "other";
    const address = location.pathname + location.search;
    const page = plan.pages.find(({ host, path }) =>
      (host === null || host === location.hostname) && new RegExp(path).test(address));
    return page && page.kind !== "wall" && page.kind !== "other" ? page.kind : null;
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
      canonical: canonical ? cut(URL.parse(canonical, document.baseURI)?.href ?? canonical, 2_048) : null,
      title: cut(document.title, 1_000), taken_at: Math.floor(now), wall: wall?.id ?? null,
      blocks: [], meta: [], labels: [], fields: [], cards: [], lines: [], skipped: [],
    };
    if (wall) return snapshot;
    if (state.blocked) snapshot.skipped.push({ rule: "badge", reason: "badge_blocked", amount: null });
    if (isWhole) readPage(plan, document, location, state, snapshot);
    snapshot.cards = takeCards(state, plan.limits.cards);
    snapshot.lines = state.lines.splice(0, plan.limits.lines);
    fit(snapshot, plan.limits);
    return snapshot;
  };
}
