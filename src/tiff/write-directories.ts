// TIFF directories as bytes: classic (TIFF 6.0, section 2) or BigTIFF (libtiff's BigTIFF design), little-endian.
import { fieldType } from './tags.js';

export type FieldType = keyof typeof fieldType;

/** One entry: numbers (pairs for rationals), or bytes for `undefined`, or text for `ascii`. */
export type DirectoryEntry = {
  readonly tag: number;
  readonly type: FieldType;
  readonly values: ArrayLike<number> | string;
};

/** A directory to be written; `subDirectories` are indices of others, written as offsets in tag SubIFDs. */
export type DirectoryDraft = {
  readonly entries: readonly DirectoryEntry[];
  readonly subDirectories?: readonly number[];
  /** Linked from the main chain, in the order of the drafts. */
  readonly inMainChain: boolean;
};

export type WrittenDirectories = {
  readonly bytes: Uint8Array;
  /** Where the first directory of the main chain starts. */
  readonly first: number;
};

const subIfdsTag = 330;
const bytesPerValue = { ascii: 1, short: 2, long: 4, rational: 8, undefined: 1, long8: 8, ifd8: 8 } as const;

/** Length of the header that goes before everything else. */
export function headerLength(big: boolean): number {
  return big ? 16 : 8;
}

/** The header of a file whose first directory is at `first`. */
export function header(big: boolean, first: number): Uint8Array {
  const bytes = Buffer.alloc(headerLength(big));
  bytes.write('II', 'latin1');
  bytes.writeUInt16LE(big ? 43 : 42, 2);
  if (!big) bytes.writeUInt32LE(first, 4);
  else {
    bytes.writeUInt16LE(8, 4);
    bytes.writeBigUInt64LE(BigInt(first), 8);
  }
  return bytes;
}

/** The directories, to be put at `start` (a multiple of 8) of the file. */
export function writeDirectories(drafts: readonly DirectoryDraft[], start: number, big: boolean): WrittenDirectories {
  const layouts = drafts.map((draft) => new DirectoryLayout(draft, big));
  const offsets: number[] = [];
  let end = start;
  for (const layout of layouts) {
    offsets.push(end);
    end += layout.length;
  }
  const chain = drafts.flatMap(({ inMainChain }, index) => (inMainChain ? [index] : []));
  const bytes = Buffer.alloc(end - start);
  for (const [index, layout] of layouts.entries()) {
    const place = chain.indexOf(index);
    const next = place >= 0 && place + 1 < chain.length ? offsets[chain[place + 1]] : 0;
    layout.write(bytes.subarray(offsets[index] - start), offsets[index], next, offsets);
  }
  return { bytes, first: offsets[chain[0]] };
}

/** One directory: its entries first, then the values that do not fit into an entry. */
class DirectoryLayout {
  readonly #entries: readonly DirectoryEntry[];
  readonly #subDirectories: readonly number[];
  readonly #big: boolean;
  readonly #tableLength: number;
  /** Bytes of the whole directory, a multiple of 8. */
  readonly length: number;

  constructor({ entries, subDirectories = [] }: DirectoryDraft, big: boolean) {
    const placeholder: DirectoryEntry = { tag: subIfdsTag, type: big ? 'ifd8' : 'long', values: subDirectories };
    const all = subDirectories.length > 0 ? [...entries, placeholder] : entries;
    this.#entries = [...all].sort((a, b) => a.tag - b.tag);
    this.#subDirectories = subDirectories;
    this.#big = big;
    this.#tableLength = align(big ? 8 + 20 * all.length + 8 : 2 + 12 * all.length + 4);
    this.length = this.#tableLength + all.reduce((sum, entry) => sum + this.#external(entry), 0);
  }

  write(bytes: Buffer, offset: number, next: number, offsets: readonly number[]): void {
    const big = this.#big;
    let at = big ? writeLong(bytes, 0, this.#entries.length, true) : bytes.writeUInt16LE(this.#entries.length, 0);
    let external = this.#tableLength;
    for (const entry of this.#entries) {
      const values = entry.tag === subIfdsTag ? this.#subDirectories.map((index) => offsets[index]) : entry.values;
      at = bytes.writeUInt16LE(entry.tag, at);
      at = bytes.writeUInt16LE(fieldType[entry.type], at);
      at = writeLong(bytes, at, valueCount(entry), big);
      const inline = this.#external(entry) === 0;
      writeValues(bytes, inline ? at : external, entry.type, values);
      if (!inline) writeLong(bytes, at, offset + external, big);
      external += this.#external(entry);
      at += big ? 8 : 4;
    }
    writeLong(bytes, at, next, big);
  }

  /** Bytes an entry's values take outside the table. */
  #external(entry: DirectoryEntry): number {
    const length = valueCount(entry) * bytesPerValue[entry.type];
    return length <= (this.#big ? 8 : 4) ? 0 : align(length);
  }
}

function valueCount({ type, values }: DirectoryEntry): number {
  if (typeof values === 'string') return Buffer.byteLength(values) + 1;
  return type === 'rational' ? values.length / 2 : values.length;
}

function writeValues(bytes: Buffer, at: number, type: FieldType, values: ArrayLike<number> | string): void {
  if (typeof values === 'string') {
    bytes.write(values, at);
    return;
  }
  let to = at;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (type === 'long8' || type === 'ifd8') to = writeLong(bytes, to, value, true);
    else if (type === 'long' || type === 'rational') to = bytes.writeUInt32LE(value, to);
    else if (type === 'short') to = bytes.writeUInt16LE(value, to);
    else to = bytes.writeUInt8(value, to);
  }
}

/** Two halves instead of a BigInt: arrays of offsets have hundreds of thousands of values. */
function writeLong(bytes: Buffer, at: number, value: number, big: boolean): number {
  const next = bytes.writeUInt32LE(value % 2 ** 32, at);
  return big ? bytes.writeUInt32LE(Math.floor(value / 2 ** 32), next) : next;
}

function align(length: number): number {
  return Math.ceil(length / 8) * 8;
}
