// A plane that no directory describes: uncompressed rows somewhere in a file, written as a TIFF of their own so that all that reads TIFFs
// reads them.
import { open } from 'node:fs/promises';
import { openFile } from '../bytes/file-reader.js';
import type { Size } from '../slide/geometry.js';
import { bytesPerSample, type PixelFormat } from '../slide/raster.js';
import { tag } from '../tiff/tags.js';
import { type DirectoryEntry, header, headerLength, writeDirectories } from '../tiff/write-directories.js';

/** Where the rows start, and in which order the bytes of a sample are. */
export type RawSlice = { readonly offset: number; readonly bigEndian: boolean; readonly whiteIsZero: boolean };

/** Bytes that are copied at once, at least a row: they bound the memory. */
const pieceBytes = 1 << 20;

/** Length of the rows, in bytes. */
export function sliceBytes({ width, height, channels, sample }: Size & PixelFormat): number {
  return width * height * channels * bytesPerSample(sample);
}

/** Writes the slice of `file` to `path`, a BigTIFF in strips. */
export async function writeSlice(
  file: string,
  image: Size & PixelFormat,
  slice: RawSlice,
  path: string,
): Promise<void> {
  const { width, height, channels, sample } = image;
  const rowBytes = width * channels * bytesPerSample(sample);
  const rows = Math.max(1, Math.floor(pieceBytes / rowBytes));
  const [reader, output] = [await openFile(file), await open(path, 'wx')];
  try {
    const offsets: number[] = [];
    const lengths: number[] = [];
    let at = headerLength(true);
    for (let row = 0; row < height; row += rows) {
      const length = Math.min(rows, height - row) * rowBytes;
      const bytes = Buffer.from(await reader.read(slice.offset + row * rowBytes, length));
      await output.write(slice.bigEndian && bytesPerSample(sample) === 2 ? bytes.swap16() : bytes, 0, length, at);
      offsets.push(at);
      lengths.push(length);
      at += length;
    }
    const start = Math.ceil(at / 8) * 8;
    const shorts = (id: number, ...values: number[]): DirectoryEntry => ({ tag: id, type: 'short', values });
    const entries: DirectoryEntry[] = [
      { tag: tag.imageWidth, type: 'long', values: [width] },
      { tag: tag.imageLength, type: 'long', values: [height] },
      shorts(tag.bitsPerSample, ...Array<number>(channels).fill(8 * bytesPerSample(sample))),
      shorts(tag.compression, 1),
      shorts(tag.photometricInterpretation, channels === 3 ? 2 : slice.whiteIsZero ? 0 : 1),
      { tag: tag.stripOffsets, type: 'long8', values: offsets },
      shorts(tag.samplesPerPixel, channels),
      { tag: tag.rowsPerStrip, type: 'long', values: [rows] },
      { tag: tag.stripByteCounts, type: 'long8', values: lengths },
      shorts(tag.sampleFormat, ...Array<number>(channels).fill(sample.startsWith('u') ? 1 : 2)),
    ];
    const { bytes, first } = writeDirectories([{ entries, inMainChain: true }], start, true);
    await output.write(bytes, 0, bytes.length, start);
    await output.write(header(true, first), 0, headerLength(true), 0);
  } finally {
    await Promise.all([reader.close(), output.close()]);
  }
}
