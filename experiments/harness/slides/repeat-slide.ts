// A large slide made of a small one repeated: its tiles byte for byte, as often as it takes. Rendering as much anew would take an hour.
import { decodeTile, encodeTile } from '../../../src/codecs/codec.js';
import { halvedLevels } from '../../../src/output/coarser-levels.js';
import { createTiffWriter, type WrittenLevel } from '../../../src/output/tiff-writer.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import { planeHeights } from '../../../src/slide/focal-planes.js';
import { filledRaster, halveRaster, pasteRaster, type Raster } from '../../../src/slide/raster.js';
import type { SlideSource } from '../../../src/slide/slide-source.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { stackLayout } from './stack-layout.js';

/** Of tiles of levels that the small slide lacks: as zflat synth has it. */
const quality = 80;

/**
 * Writes `times` x `times` repetitions of the slide at `input`, a square of 2^n whole tiles a side with all levels down to one tile;
 * `times` is a power of two.
 */
export async function repeatSlide(input: string, times: number, output: string): Promise<void> {
  const source = await openSlide(input);
  try {
    const { planes, levels: own } = source.info;
    const [{ grid }] = own;
    const tile = { width: grid.tileWidth, height: grid.tileHeight };
    const all = halvedLevels({ width: times * grid.width, height: times * grid.height }, tile);
    const levels = all.map((level, i) => ({ ...level, encoding: encodingAt(source, i) }));
    const writer = await createTiffWriter(output, stackLayout(input, planeHeights(planes), levels), true);
    try {
      for (const { plane } of planes) {
        const coarsest = await ownTile(source, own.length - 1, plane, 0, 0);
        let shown = await decodeTile(coarsest);
        for (const [i, level] of levels.entries()) {
          if (i >= own.length) shown = fourTimes(halveRaster(shown));
          const made = i >= own.length ? await encodeTile(shown, level.encoding, quality) : undefined;
          await writeLevel(level, async (row, column) => {
            const tile = made ?? (await ownTile(source, i, plane, row, column));
            await writer.writeTile({ level: level.level, plane, row, column }, tile);
          });
        }
      }
      await writer.finish();
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    await source.close();
  }
}

/** Tiles of coarser levels than the small slide's have tables of their own. */
function encodingAt({ info }: SlideSource, index: number) {
  return index < info.levels.length ? info.encoding : { ...info.encoding, jpegTables: undefined };
}

async function writeLevel({ grid }: WrittenLevel, write: (row: number, column: number) => Promise<void>) {
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) await write(row, column);
  }
}

/** The tile of the small slide that a place of the large one repeats. */
async function ownTile(source: SlideSource, level: number, plane: number, row: number, column: number) {
  const { rows, columns } = source.info.levels[level].grid;
  const place = { level, plane, row: row % rows, column: column % columns };
  return (await source.readTile(place)) as EncodedTile;
}

function fourTimes(quarter: Raster): Raster {
  const { width, height } = quarter;
  const whole = filledRaster({ width: 2 * width, height: 2 * height }, quarter, 0);
  for (const x of [0, width])
    for (const y of [0, height]) pasteRaster(whole, x, y, quarter, { x: 0, y: 0, width, height });
  return whole;
}
