// The image descriptions of a directory, as bytes: a directory may have the tag more than once (Micro-Manager 1.4), and not all are UTF-8.
import type { ByteReader } from '../bytes/byte-reader.js';
import { decodeText } from './decode-text.js';
import { fieldType, tag } from './tags.js';

/** Entries of a directory at most: no more fit its count in classic TIFF. */
const mostEntries = 65_535;

/** Where a directory is, and how its file is written. */
export type DirectoryPlace = { readonly offset: number; readonly bigEndian: boolean; readonly bigTiff: boolean };

/** True if an image description is OME-XML. */
export function looksLikeOmeXml(text: string | undefined): text is string {
  return text !== undefined && /<(\w+:)?OME[\s>]/.test(text);
}

/**
 * All descriptions of a directory in their order; those whose bytes the file does not have are left out. `parsed` is what a parser of
 * TIFF found: it stands where it is the only one and sound.
 */
export async function readDescriptions(reader: ByteReader, place: DirectoryPlace, parsed: string): Promise<string[]> {
  const pieces = await findDescriptions(reader, place);
  if (pieces.length < 2 && !parsed.includes('\ufffd')) return [parsed];
  const sound = pieces.filter(({ start, length }) => length > 0 && start + length <= reader.size);
  return Promise.all(sound.map(async ({ start, length }) => decodeText(await reader.read(start, length))));
}

/** Where the bytes of each description are. */
async function findDescriptions(reader: ByteReader, { offset, bigEndian, bigTiff }: DirectoryPlace) {
  const [countSize, entrySize, inline] = bigTiff ? ([8, 20, 8] as const) : ([2, 12, 4] as const);
  const short = (view: DataView, at: number) => view.getUint16(at, !bigEndian);
  const word = (view: DataView, at: number) =>
    bigTiff ? Number(view.getBigUint64(at, !bigEndian)) : view.getUint32(at, !bigEndian);
  const count = viewOf(await reader.read(offset, countSize));
  const entries = bigTiff ? word(count, 0) : short(count, 0);
  if (entries > mostEntries) return [];
  const table = viewOf(await reader.read(offset + countSize, entries * entrySize));
  const pieces: { start: number; length: number }[] = [];
  for (let at = 0; at < entries * entrySize; at += entrySize) {
    const kind = short(table, at + 2);
    const text = kind === fieldType.ascii || kind === fieldType.undefined;
    if (short(table, at) !== tag.imageDescription || !text) continue;
    const length = word(table, at + 4);
    const value = at + 4 + inline;
    pieces.push({ start: length > inline ? word(table, value) : offset + countSize + value, length });
  }
  return pieces;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
