// A TIFF or BigTIFF file and its directories. geotiff parses; this page keeps it away from its traps.
import { GeoTIFF } from 'geotiff';
import type { ByteReader } from '../bytes/byte-reader.js';
import { withPages } from '../bytes/paged-reader.js';
import { isSlideError, SlideError } from '../errors.js';
import { looksLikeOmeXml, readDescriptions } from './descriptions.js';
import { type TiffDirectory, toTiffDirectory } from './tiff-directory.js';

/** More directories than any slide has (planes x channels x timepoints): beyond it the chain is taken for damaged. */
const maxDirectories = 100_000;
/** Of a file with more directories than this, each must have so many bytes of the file on average: its own, and those of its image. */
const fewDirectories = 1024;
const bytesPerDirectory = 1024;

/** Marks NDPI, which looks like TIFF but has offsets of 64 bits and planes in private tags. */
const ndpiTag = 65420;

export type TiffFile = {
  readonly reader: ByteReader;
  /** The main chain of directories, in order. */
  readonly directories: readonly TiffDirectory[];
  /** The directories a directory's SubIFDs entry points at, in its order. */
  subDirectories(directory: TiffDirectory): Promise<TiffDirectory[]>;
};

/** Reads the main chain of directories; `damaged` where it is cut off, loops or contradicts itself. */
export async function openTiff(reader: ByteReader): Promise<TiffFile> {
  const pages = reader.distant ? withPages(reader) : reader;
  const tiff = await reading(reader, 'header', () => GeoTIFF.fromSource(new ClippedSource(pages) as never));
  // Deferred arrays of big-endian files come back byte-swapped (geotiff 3.0.5): let it read every array at once.
  tiff.parser.eager = true;
  const bigEndian = !tiff.littleEndian;
  const known = new Map<number, Promise<{ directory: TiffDirectory; next: number }>>();
  const read = (offset: number) => {
    const parsed = known.get(offset) ?? readDirectory(tiff, reader, offset, bigEndian);
    known.set(offset, parsed);
    return parsed;
  };

  // geotiff takes the last of several descriptions, and all text for UTF-8: the first directory has those that count.
  const redescribed = async (directory: TiffDirectory): Promise<TiffDirectory> => {
    const { description, offset } = directory;
    if (description === undefined) return directory;
    const place = { offset, bigEndian, bigTiff: tiff.bigTiff };
    const descriptions = await reading(reader, 'image description', () => readDescriptions(pages, place, description));
    const [first = description] = descriptions;
    return { ...directory, description: descriptions.find(looksLikeOmeXml) ?? first, descriptions };
  };

  const directories: TiffDirectory[] = [];
  const visited = new Set<number>();
  for (let offset = tiff.firstIFDOffset; offset !== 0; ) {
    if (visited.has(offset) || visited.size === maxDirectories) {
      const problem = `the chain of directories ${visited.has(offset) ? 'returns to' : 'has no end at'} byte ${offset}`;
      throw new SlideError('damaged', problem, { file: reader.name });
    }
    visited.add(offset);
    checkCount(visited.size, reader);
    const { directory, next } = await read(offset);
    directories.push(directories.length === 0 ? await redescribed(directory) : directory);
    offset = next;
  }
  if (directories.length === 0) throw new SlideError('damaged', 'the file has no image', { file: reader.name });
  const subDirectories = async ({ subIfds }: TiffDirectory) => {
    checkCount(subIfds.length, reader);
    return Promise.all(subIfds.map(async (offset) => (await read(offset)).directory));
  };
  return { reader, directories, subDirectories };
}

/** `damaged` where a file has more directories than images: each is parsed, which takes a tenth of a millisecond. */
function checkCount(directories: number, { name, size }: ByteReader): void {
  if (directories <= fewDirectories || size >= directories * bytesPerDirectory) return;
  const problem = `has ${directories} directories or more, too many for images in a file of ${size} bytes`;
  throw new SlideError('damaged', problem, { file: name });
}

async function readDirectory(tiff: GeoTIFF, reader: ByteReader, offset: number, bigEndian: boolean) {
  return reading(reader, `directory at byte ${offset}`, async () => {
    const parsed = await tiff.parser.parseFileDirectoryAt(offset);
    if (parsed.hasTag(ndpiTag)) {
      const hint = 'give it alone: all its planes are in it';
      throw new SlideError('unsupported', 'is a Hamamatsu NDPI slide, which is no single plane of a stack', {
        file: reader.name,
        hint,
      });
    }
    const directory = toTiffDirectory(parsed, { file: reader.name, offset, bigEndian });
    return { directory, next: Number(parsed.nextIFDByteOffset) };
  });
}

/** Whatever a parser throws over bytes it did not expect is damage to the file, and says in which part of it. */
async function reading<T>(reader: ByteReader, part: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const detail = { file: reader.name, cause, hint: 'the file is damaged or cut short: copy it again' };
    if (isSlideError(cause, 'aborted', 'unreadable', 'transient', 'usage', 'unsupported')) throw cause;
    const problem = cause instanceof SlideError ? cause.problem : (cause as Error).message;
    throw new SlideError('damaged', `the TIFF ${part} can't be read: ${problem}`, detail);
  }
}

/**
 * What geotiff reads from. It guesses how long a directory is, and may ask for more than the file has: such short reads are
 * clipped. A long read past the end is an array that can't be there, refused before anything is allocated for it.
 */
class ClippedSource {
  static readonly longestGuess = 16_384;
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  fetch(slices: readonly { offset: number; length: number }[], signal?: AbortSignal): Promise<ArrayBuffer[]> {
    return Promise.all(
      slices.map(async ({ offset, length }) => {
        const available = Math.max(1, this.#reader.size - offset);
        const wanted = length <= ClippedSource.longestGuess ? Math.min(length, available) : length;
        return wholeBuffer(await this.#reader.read(offset, wanted, signal));
      }),
    );
  }
}

/** The bytes as a buffer of their own: geotiff counts from its start. */
function wholeBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return (byteLength === buffer.byteLength ? buffer : Uint8Array.from(bytes).buffer) as ArrayBuffer;
}
