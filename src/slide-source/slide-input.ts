// What a person gave as one slide, looked into as far as formats need to recognise their own. Nothing is read before a format asks.
import type { ByteAccess } from '../bytes/byte-access.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { TiffFile } from '../tiff/tiff-file.js';
import { looksLikeTiff } from '../tiff/tiff-magic.js';

/** The one argument as it was given: a path, a URL, or a place on a server of another kind. */
export type GivenLocation = { readonly kind: 'location'; readonly location: string };

/** A folder on this machine, and the names in it, sorted. */
export type GivenFolder = { readonly kind: 'folder'; readonly folder: string; readonly names: readonly string[] };

/** Formats are asked whether a location is theirs, then whether a folder is, then whether files are. */
export type SlideInput = GivenLocation | GivenFolder | GivenFiles;

/** DICOM has its mark after 128 bytes; no format has one farther back. */
const headBytes = 132;

/** Files that are one slide; the first one is opened when a format first looks into it, and closed with the slide. */
export class GivenFiles {
  readonly kind = 'files';
  /** Paths and URLs, at least one. */
  readonly files: readonly string[];
  /** What a person should know of how the files were found. */
  readonly notes: readonly string[];
  /** What they were found by; undefined where they were given one by one, in an order that may mean something. */
  readonly pattern: string | undefined;
  readonly #access: ByteAccess;
  #reader: Promise<ByteReader> | undefined;
  #head: Promise<Uint8Array> | undefined;
  #tiff: Promise<TiffFile | undefined> | undefined;

  constructor(
    files: readonly string[],
    access: ByteAccess,
    { notes = [], pattern }: { readonly notes?: readonly string[]; readonly pattern?: string | undefined } = {},
  ) {
    this.files = files;
    this.notes = notes;
    this.pattern = pattern;
    this.#access = access;
  }

  /** The first file. */
  reader(): Promise<ByteReader> {
    this.#reader ??= this.#access.open(this.files[0]);
    return this.#reader;
  }

  /** The first bytes of the first file: 132, or all where it is shorter. */
  head(): Promise<Uint8Array> {
    this.#head ??= this.reader().then((reader) => reader.read(0, Math.min(reader.size, headBytes)));
    return this.#head;
  }

  /** The first file as a TIFF; undefined where it is none. */
  tiff(): Promise<TiffFile | undefined> {
    this.#tiff ??= this.#openTiff();
    return this.#tiff;
  }

  async #openTiff(): Promise<TiffFile | undefined> {
    if (!looksLikeTiff(await this.head())) return undefined;
    const { openTiff } = await import('../tiff/tiff-file.js');
    return openTiff(await this.reader());
  }

  async close(): Promise<void> {
    const reader = await this.#reader?.catch(() => undefined);
    await reader?.close();
  }
}
