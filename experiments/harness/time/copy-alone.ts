// Copying alone: level 0 of a flattened slide whose map is known, nothing planned and nothing mixed. Beside it a loop that does nothing
// but read the same tiles one by one and write them in large pieces, and a plain copy of what came out, which reads in one piece.
import { closeSync, copyFileSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { mapSlide } from '../../../src/api/map-slide.js';
import { openFile } from '../../../src/bytes/file-reader.js';
import { defaultConcurrency } from '../../../src/options/running.js';
import { resultLevels } from '../../../src/output/result-levels.js';
import { createTiffWriter } from '../../../src/output/tiff-writer.js';
import { writeTiles } from '../../../src/pipeline/write-tiles.js';
import type { DepthMap } from '../../../src/slide/depth-map.js';
import type { SlideSource } from '../../../src/slide/slide-source.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { openTiff } from '../../../src/tiff/tiff-file.js';
import { quantile } from '../experiment.js';
import { stackLayout } from '../slides/stack-layout.js';

export type CopyTimes = {
  readonly tiles: number;
  readonly bytes: number;
  /** Milliseconds: the first time in a process, and the median of the others. */
  readonly zflatFirstMs: number;
  readonly zflatMs: number;
  readonly loopMs: number;
  readonly plainMs: number;
};

const pieceBytes = 4 * 2 ** 20;

/** Copies the finest level of a slide whose planes are images of one TIFF, several times; all ways take turns. */
export async function copyAlone(slide: string, folder: string, rounds: number): Promise<CopyTimes> {
  const { map } = await mapSlide(slide, { thumbnail: false });
  const [written, gathered, copied] = ['written.tif', 'gathered', 'copied'].map((name) => join(folder, name));
  const places = await chosenPlaces(slide, map);
  const source = await openSlide(slide);
  const times: Record<'zflat' | 'loop' | 'plain', number[]> = { zflat: [], loop: [], plain: [] };
  try {
    for (let round = 0; round <= rounds; round++) {
      gather(slide, places, gathered); // fills the cache, which some systems empty by themselves
      times.zflat.push(await copyLevel(source, map, written));
      times.loop.push(timed(() => gather(slide, places, gathered)));
      times.plain.push(timed(() => copyFileSync(gathered, copied)));
      for (const file of [gathered, copied]) rmSync(file);
    }
  } finally {
    await source.close();
  }
  const [zflatFirstMs, ...others] = times.zflat;
  return {
    tiles: places.length,
    bytes: places.reduce((sum, { length }) => sum + length, 0),
    zflatFirstMs,
    zflatMs: quantile(others, 0.5),
    loopMs: quantile(times.loop.slice(1), 0.5),
    plainMs: quantile(times.plain.slice(1), 0.5),
  };
}

/** Milliseconds until all tiles are with the system; directories and sync are left out, for the others have none. */
async function copyLevel(source: SlideSource, map: DepthMap, output: string): Promise<number> {
  const levels = (await resultLevels(source, map)).slice(0, 1);
  const writer = await createTiffWriter(output, stackLayout('copy', [0], levels), true);
  const start = performance.now();
  await writeTiles(levels, writer, { concurrency: defaultConcurrency });
  // What is read back was written
  await writer.readBack({ level: levels[0].level, plane: 0, row: 0, column: 0 });
  const elapsed = performance.now() - start;
  await writer.discard();
  return elapsed;
}

type Place = { readonly offset: number; readonly length: number };

/** Where the chosen tiles lie in the file, row by row. */
async function chosenPlaces(slide: string, { planes }: DepthMap): Promise<Place[]> {
  const reader = await openFile(slide);
  const { directories } = await openTiff(reader);
  await reader.close();
  return Array.from(planes, (plane, tile) => {
    const { offsets, byteCounts } = directories[plane].chunks;
    return { offset: offsets[tile], length: byteCounts[tile] };
  });
}

function gather(from: string, places: readonly Place[], to: string): void {
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
  const piece = Buffer.allocUnsafeSlow(2 * pieceBytes);
  let filled = 0;
  for (const { offset, length } of places) {
    filled += readSync(source, piece, filled, length, offset);
    if (filled < pieceBytes) continue;
    writeSync(target, piece, 0, filled);
    filled = 0;
  }
  writeSync(target, piece, 0, filled);
  closeSync(source);
  closeSync(target);
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
