// The shapes that content scripts share with the engine, by hand: `core/src/page/{plan,snapshot}.rs` and
// the messages of ARCHITECTURE.md.

type PageKind =
  | "live" | "live_chat" | "product" | "shop" | "listing" | "profile" | "wall" | "other";
type LineKind = "chat" | "caption" | "pinned";

type Step =
  | { step: "key"; key: string }
  | { step: "any_key" }
  | { step: "each" }
  | { step: "where"; key: string; value: string }
  | { step: "descend" }
  /** The collector's own: whatever is under these keys. */
  | { step: "only"; keys: Set<string> };

interface PlanBlock {
  id: string;
  selector: string | null;
  variable: string | null;
  pages: PageKind[];
  paths: Step[][];
  host_paths: Step[][];
}

interface PlanCard {
  id: string;
  selector: string;
  pages: PageKind[];
  linkless: boolean;
  title: string | null;
  shop: string | null;
  official: string | null;
}

interface PlanLine {
  id: string;
  kind: LineKind;
  container: string;
  row: string;
  text: string | null;
  author: string | null;
  host_sign: string | null;
}

interface PlanLimits {
  bytes: number;
  blocks: number;
  cards: number;
  lines: number;
  pairs: number;
  card_texts: number;
  text_bytes: number;
}

interface Plan {
  platform: string;
  rules: number;
  pages: { kind: PageKind; host: string | null; path: string }[];
  walls: { id: string; selector: string | null; path: string | null }[];
  blocks: PlanBlock[];
  structured_keys: string[];
  meta: string[];
  labels: string[];
  selectors: {
    id: string;
    selector: string;
    attribute: string | null;
    pages: PageKind[];
    presence: boolean;
    host: boolean;
  }[];
  product_links: string[];
  cards: PlanCard[];
  lines: PlanLine[];
  anchors: { pages: PageKind[]; selector: string }[];
  limits: PlanLimits;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

interface Card {
  rule: string;
  anchor: string;
  link: string | null;
  picture: boolean;
  title: string | null;
  shop: string | null;
  official: boolean | null;
  texts: string[];
}

interface Line {
  kind: LineKind;
  speaker: "host" | "viewer";
  text: string;
  at: number;
}

interface Skipped {
  rule: string;
  reason: "too_large" | "too_deep" | "malformed" | "too_many" | "badge_blocked";
  amount: number | null;
}

interface PageSnapshot {
  version: 1;
  platform: string;
  url: string;
  canonical: string | null;
  title: string;
  taken_at: number;
  wall: string | null;
  blocks: { rule: string; data: Json }[];
  meta: { name: string; content: string }[];
  labels: { label: string; value: string }[];
  fields: { rule: string; value: string }[];
  cards: Card[];
  lines: Line[];
  skipped: Skipped[];
}

/** What is remembered of one address between snapshots. */
interface PageState {
  kind: PageKind;
  /** Elements of the cards that were sent, by anchor. */
  cards: Map<string, Element>;
  /** What a card held when it was sent: an element that is reused for another product counts as new. */
  known: WeakMap<Element, { anchor: string; signature: string }>;
  /** Anchors given so far. */
  anchors: number;
  /** Whether a named card was found: the shape of cards is then not looked for. */
  named: boolean;
  /** Cards read and not yet sent. */
  newCards: Card[];
  /** Folded names of the host. */
  hosts: Set<string>;
  /** What was read from each script. */
  scripts: WeakMap<Element, ReadScript>;
  /** Text of each row when it was last read. */
  rows: WeakMap<Element, string>;
  /** When a line was last seen, by kind, author and text: virtual lists draw the same row again. */
  heard: Map<string, number>;
  /** Captions on screen and since when they stand, by rule. */
  captions: Map<string, Map<string, number>>;
  /** Lines read and not yet sent. */
  lines: Line[];
  /** Whether the page fights the badge. */
  blocked: boolean;
}

interface ReadScript {
  rule: string;
  text: string;
  data: Json | undefined;
  reason: Skipped["reason"] | null;
}

interface Mark {
  question: "origin" | "seller" | "host";
  name: string;
  grade: "A" | "B" | "C" | "D" | "E" | "?";
  word: string;
  shape: "circle" | "diamond" | "triangle" | "square" | "octagon" | "ring";
}

interface Badge {
  anchor: string;
  key: string | null;
  overall: string;
  label: string;
  hint: string;
  marks: Mark[];
}

type Reply =
  | { type: "verdict"; lang: string; badges: Badge[] }
  | { type: "silent" }
  | { type: "refused"; code: string; message: string };

interface Watcher {
  /** Once a second: containers that went away are found again. */
  beat(): void;
  stop(): void;
}

interface DrawnBadge {
  host: HTMLElement;
  root: ShadowRoot;
  button: HTMLElement;
  status: HTMLElement;
  badge: Badge;
  card: Element | null;
  /** Whether the card's picture is too narrow for the badge with its name. */
  narrow: boolean;
  /** The card, when it was given a position for the badge's sake. */
  positioned: HTMLElement | null;
  /** Whether it stands in the window rather than in the page. */
  fixed: boolean;
  /** When the page removed it. */
  returns: number[];
  blocked: boolean;
}

interface Badges {
  draw(badges: Badge[], lang: string, state: PageState): void;
  /** Puts back badges that the page removed, and removes those of cards that are gone. */
  check(state: PageState): void;
  clear(): void;
}

interface Soi {
  /** Set by `plans/<platform>.js`. */
  plan: Plan;
  /** Set by `badge-style.js`, which the build writes from `badge.css`. */
  badgeStyle: string;
  running: boolean;
  pageKind(plan: Plan, location: Location): PageKind | null;
  newState(kind: PageKind): PageState;
  /** The page as it stands, or (`isWhole` false) only what was read into `state` since the last call. */
  collect(
    plan: Plan,
    document: Document,
    location: Location,
    nowSeconds: number,
    state: PageState,
    isWhole?: boolean,
  ): PageSnapshot;
  /** Reads cards at or below `roots` that are new, or show another product than before, into `state`. */
  readCards(plan: Plan, roots: Element[], state: PageState): void;
  /** Reads new lines at or below `roots` into `state`. */
  readLines(rule: PlanLine, roots: Iterable<Element>, nowSeconds: number, state: PageState): void;
  watch(
    plan: Plan,
    state: PageState,
    on: {
      /** Look at the whole page again; says whether there was anything new. */
      page(): boolean;
      /** New cards or lines wait in `state`. */
      read(): void;
    },
  ): Watcher;
  badges(plan: Plan, open: (key: string | null) => void): Badges;
}

declare var soi: Soi;
