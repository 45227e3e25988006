// What TypeScript's `dom` does not know: reading barcodes, and the inside of a service worker.

declare class BarcodeDetector {
  static getSupportedFormats(): Promise<string[]>;
  constructor(options: { formats: string[] });
  detect(picture: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface WindowEventMap {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
}

/** Written before the service worker by the build: the hash of all its files, and their names. */
declare const BUILD: { hash: string; files: string[] };
