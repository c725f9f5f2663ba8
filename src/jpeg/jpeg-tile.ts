// A JPEG tile as a slide stores it, parsed and indexed when first asked for it, and once.
import { type JpegHeader, parseJpegHeader } from './header.js';
import { indexScan } from './index-scan.js';
import type { ScanIndex } from './scan-index.js';

/** Keeps its header and index for as long as it lives, so that one tile can go into several quilts; see ScanIndex for the memory. */
export class JpegTile {
  /** The stream, complete or abbreviated; must not change. */
  readonly bytes: Uint8Array;
  /** The stream of tables that an abbreviated tile relies on. */
  readonly tables: Uint8Array | undefined;
  private parsed: JpegHeader | undefined;
  private indexed: ScanIndex | undefined;

  constructor(bytes: Uint8Array, tables?: Uint8Array) {
    this.bytes = bytes;
    this.tables = tables;
  }

  /** Throws as parseJpegHeader does. */
  get header(): JpegHeader {
    this.parsed ??= parseJpegHeader(this.bytes, this.tables);
    return this.parsed;
  }

  /** Throws as indexScan does. */
  get index(): ScanIndex {
    this.indexed ??= indexScan(this.bytes, this.header);
    return this.indexed;
  }
}
