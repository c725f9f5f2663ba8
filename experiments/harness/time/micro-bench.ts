// The parts of the work on one JPEG tile of 256 pixels, each alone, on one thread: tiles of a slide, held in memory.
import { Bench } from 'tinybench';
import { decodeTile, decodeTileLuma, encodeTile } from '../../../src/codecs/codec.js';
import { coefficientMeasures, pixelMeasures } from '../../../src/focus/focus-measure.js';
import { measureLuma } from '../../../src/focus/measure-luma.js';
import { JpegTile } from '../../../src/jpeg/jpeg-tile.js';
import { quiltTile } from '../../../src/jpeg/quilt-tile.js';
import type { EncodedTile } from '../../../src/slide/encoded-tile.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { measureBlocks } from '../../../src/tile-jobs/measure-tile.js';

export type MicroTime = { readonly work: string; readonly medianMs: number; readonly fastestMs: number };

/** Tiles along a diagonal of the slide, on three planes each. */
const places = 16;
const planes = 3;

/** Times every part on the same tiles, which take turns. */
export async function microTimes(slide: string, millisecondsEach: number): Promise<MicroTime[]> {
  const stacks = await stacksOf(slide);
  const tiles = stacks.flat();
  const { encoding } = tiles[0];
  const whole = { x: 0, y: 0, width: encoding.width, height: encoding.height };
  const lumas = await Promise.all(tiles.map((tile) => decodeTileLuma(tile)));
  const rasters = await Promise.all(tiles.map((tile) => decodeTile(tile)));
  const jpegOf = ({ bytes }: EncodedTile) => new JpegTile(bytes, encoding.jpegTables);
  const mcus = jpegOf(tiles[0]).header;
  const thirds = Uint8Array.from({ length: mcus.mcuColumns * mcus.mcuRows }, (_, i) => Math.floor(i / 7) % planes);
  const bench = new Bench({ time: millisecondsEach, warmupTime: millisecondsEach / 4 });
  let turn = 0;
  const next = <T>(of: readonly T[]): T => of[turn++ % of.length];
  bench
    .add('decode luminance', () => decodeTileLuma(next(tiles)))
    .add('decode RGB', () => decodeTile(next(tiles)))
    .add('encode RGB', () => encodeTile(next(rasters), encoding, 80));
  for (const name of Object.keys(pixelMeasures) as (keyof typeof pixelMeasures)[]) {
    bench
      .add(`${name}, WebAssembly`, () => measureLuma(name, next(lumas), whole, 1))
      .add(`${name}, TypeScript`, () => pixelMeasures[name](next(lumas), whole, 1));
  }
  bench
    .add('dct-mid of all blocks, undecoded', () => measureBlocks(next(tiles), whole, coefficientMeasures['dct-mid']))
    .add('index a scan', () => jpegOf(next(tiles)).index)
    .add('quilt three planes', () => quiltTile(next(stacks).map(jpegOf), thirds));
  await bench.run();
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name} was not timed: ${result.state}`);
    return { work: name, medianMs: result.latency.p50, fastestMs: result.latency.min };
  });
}

async function stacksOf(file: string): Promise<EncodedTile[][]> {
  const source = await openSlide(file);
  try {
    const [{ grid }] = source.info.levels;
    const stacks: EncodedTile[][] = [];
    for (let i = 0; i < places; i++) {
      const row = Math.floor((i * (grid.rows - 1)) / (places - 1));
      const column = Math.floor((i * (grid.columns - 1)) / (places - 1));
      const stack: EncodedTile[] = [];
      for (let plane = 0; plane < planes; plane++) {
        stack.push((await source.readTile({ level: 0, plane, row, column })) as EncodedTile);
      }
      stacks.push(stack);
    }
    return stacks;
  } finally {
    await source.close();
  }
}
