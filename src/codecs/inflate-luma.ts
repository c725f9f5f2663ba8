// The luminance of very large deflate tiles, row by row as they are inflated: their samples are never all in memory. Memory: the luminance,
// one row, and what zlib hands over at once.
import { createInflate } from 'node:zlib';
import type { TileEncoding } from '../slide/encoded-tile.js';
import { bytesPerSample, type Luma, lumaOf, samplesOf } from '../slide/raster.js';
import { undoPredictor } from './predictor.js';

/** Bytes that zlib hands over at once. */
const chunkSize = 2 ** 20;

/** `swapped`: samples stand in the other order of bytes than this machine's. Throws where the stream is damaged, too short or too long. */
export async function inflateLuma(bytes: Uint8Array, encoding: TileEncoding, swapped: boolean): Promise<Luma> {
  const { width, height, channels, sample, predictor } = encoding;
  const rowBytes = width * channels * bytesPerSample(sample);
  const inflate = createInflate({ chunkSize });
  inflate.end(bytes);
  let luma: Luma | undefined;
  let row = new Uint8Array(rowBytes);
  let filled = 0;
  let rows = 0;
  let beyond = 0;
  const take = () => {
    if (swapped) Buffer.from(row.buffer).swap16();
    const raster = { width, height: 1, channels, sample, data: samplesOf(sample, row) };
    if (predictor === 2) undoPredictor(raster);
    const { data } = lumaOf(raster);
    luma ??= {
      width,
      height,
      data: data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height),
    };
    luma.data.set(data, rows * width);
    rows++;
    filled = 0;
    // What samplesOf answers may be a view of it.
    row = new Uint8Array(rowBytes);
  };
  for await (const chunk of inflate as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      if (rows === height) {
        // As much as a stream may have that is inflated at once.
        beyond += chunk.length - at;
        if (beyond > 1) throw new Error(`expected ${rowBytes * height} bytes of pixels, got more`);
        break;
      }
      const part = chunk.subarray(at, at + rowBytes - filled);
      row.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled === rowBytes) take();
    }
  }
  if (!luma || rows < height) throw new Error(`expected ${height} rows of pixels, got ${rows}`);
  return luma;
}
