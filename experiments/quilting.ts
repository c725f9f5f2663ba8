// Coarser tiles that mix planes: quilted from compressed blocks, against encoding them anew.
import { decodeTile, encodeTile } from '../src/codecs/codec.js';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { composeFromFiner, composeFromPlanes } from '../src/output/compose-tile.js';
import { chooseStorage, type LevelStorage } from '../src/output/level-storage.js';
import { makeTile } from '../src/output/make-tile.js';
import type { DepthMap } from '../src/slide/depth-map.js';
import type { EncodedTile } from '../src/slide/encoded-tile.js';
import type { Level } from '../src/slide/pyramid.js';
import type { Raster } from '../src/slide/raster.js';
import type { SlideSource } from '../src/slide/slide-source.js';
import { tileCount, tileRect } from '../src/slide/tile-grid.js';
import { tilePlanes } from '../src/slide/tile-planes.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, mean, quantile, table } from './harness/experiment.js';
import { flattened } from './harness/slides/flattened.js';
import { sharpPicture } from './harness/slides/sharp-luma.js';
import { type ExperimentSlide, slideFile, slides } from './harness/slides/slides.js';

const names = ['gravel', 'gravel-tissue', 'dense-gravel', 'step'];
const grains = ['tile', 'block'] as const;
const levels = [1, 2, 3] as const;

/** How a mixed tile of a coarser level is made. */
const ways = {
  quilted: 'quilted from the compressed blocks of its planes',
  'encoded from planes': 'its planes’ tiles of that level decoded, put together, encoded as they were',
  'encoded from the finer level':
    'the four tiles below decoded, halved, encoded: level by level, as programs without planes do',
} as const;
type Way = keyof typeof ways;

type Row = {
  readonly slide: string;
  readonly grain: (typeof grains)[number];
  readonly level: number;
  readonly tiles: number;
  readonly mixed: number;
  /** Of mixed tiles alone: PSNR against the sharp picture halved, bytes and median time of a tile. */
  readonly ways: Readonly<Record<Way, { readonly psnr: number; readonly bytes: number; readonly ms: number }>>;
};

export const quilting: Experiment = {
  question: 'What does quilting coarser tiles gain or lose against encoding them anew?',
  async run({ quick, each }) {
    const used = slides.filter(({ name }) => names.slice(0, quick ? 1 : undefined).includes(name));
    const parts = used.flatMap((slide) => grains.map((grain) => ({ slide, grain })));
    const measured = await each(parts, { name: ({ slide }) => slide.name }, async ({ slide, grain }) => {
      const file = await slideFile(slide);
      if (file === undefined) return undefined;
      const { map } = await flattened(slide.name, file, grain);
      const source = await openSlide(file);
      const rows = await measureSlide(slide, grain, source, map);
      await source.close();
      return rows;
    });
    const rows = measured.flat();
    const bars = rows
      .filter(({ grain }) => grain === 'block')
      .map(({ slide, level, ways }) => ({
        name: `${slide}, level ${level}`,
        values: Object.values(ways).map(({ ms }) => ms),
      }));
    const chart = barChart({ title: 'Milliseconds a mixed tile of 256 pixels', series: Object.keys(ways), bars });
    return {
      slides: used.map(({ name }) => name),
      seeds: 0,
      settings: { levels, grains },
      data: rows,
      text: describe(rows),
      pictures: { quilting: svgFile(chart, quilting.question) },
    };
  },
};

async function measureSlide(
  slide: ExperimentSlide,
  grain: Row['grain'],
  source: SlideSource,
  map: DepthMap,
): Promise<Row[]> {
  const [decision] = source.info.levels;
  const rows: Row[] = [];
  let finer = await finestTiles(source, decision, map);
  for (const level of source.info.levels.filter((other) => levels.some((wanted) => wanted === other.level))) {
    const truth = await sharpPicture(slide.name, slide.recipe ?? {}, level.level);
    const tallies = {
      quilted: new Tally(),
      'encoded from planes': new Tally(),
      'encoded from the finer level': new Tally(),
    };
    const storage = await chooseStorage(source, level, { mixed: true, missing: false });
    const own: Raster[] = [];
    for (let index = 0; index < tileCount(level.grid); index++) {
      const place = { row: Math.floor(index / level.grid.columns), column: index % level.grid.columns };
      const tile = new MixedTile(source, decision, level, storage, map, place);
      const halved = await tile.fromFiner(finer);
      own.push(await decodeTile(halved.tile));
      if (tile.isUniform) continue;
      const made = {
        quilted: await tile.quilted(),
        'encoded from planes': await tile.fromPlanes(),
        'encoded from the finer level': halved,
      };
      for (const way of Object.keys(ways) as Way[]) {
        tallies[way].add(
          await decodeTile(made[way].tile),
          truth,
          tileRect(level.grid, place.row, place.column),
          made[way],
        );
      }
    }
    const summary = Object.fromEntries(Object.entries(tallies).map(([way, tally]) => [way, tally.summary()]));
    const mixed = tallies.quilted.tiles;
    if (mixed > 0) {
      rows.push({
        slide: slide.name,
        grain,
        level: level.level,
        tiles: tileCount(level.grid),
        mixed,
        ways: summary as Row['ways'],
      });
    }
    finer = { level, tiles: own };
  }
  return rows;
}

type Finer = { readonly level: Level; readonly tiles: readonly Raster[] };

/** The tiles of the result's own finest level, decoded. */
async function finestTiles(source: SlideSource, level: Level, map: DepthMap): Promise<Finer> {
  const storage = await chooseStorage(source, level, { mixed: map.blocks.size > 0, missing: false });
  const tiles: Raster[] = [];
  for (let index = 0; index < tileCount(level.grid); index++) {
    const [row, column] = [Math.floor(index / level.grid.columns), index % level.grid.columns];
    const shown = tilePlanes(map, level, level, row, column);
    tiles.push(await decodeTile((await makeTile({ source, level, storage, row, column }, shown)).tile));
  }
  return { level, tiles };
}

type Made = { readonly tile: EncodedTile; readonly ms: number };

/** One tile of a coarser level, made in every way; reading its planes' bytes is in the time of each. */
class MixedTile {
  readonly #source: SlideSource;
  readonly #level: Level;
  readonly #storage: LevelStorage;
  readonly #place: { readonly row: number; readonly column: number };
  readonly #shown: ReturnType<typeof tilePlanes>;

  constructor(
    source: SlideSource,
    decision: Level,
    level: Level,
    storage: LevelStorage,
    map: DepthMap,
    place: { readonly row: number; readonly column: number },
  ) {
    this.#source = source;
    this.#level = level;
    this.#storage = storage;
    this.#place = place;
    this.#shown = tilePlanes(map, decision, level, place.row, place.column);
  }

  get isUniform(): boolean {
    return this.#shown.uniform;
  }

  quilted(): Promise<Made> {
    const making = { source: this.#source, level: this.#level, storage: this.#storage, ...this.#place };
    return timed(async () => {
      const { tile, made } = await makeTile(making, this.#shown);
      if (made !== 'quilted') throw new Error(`expected a quilted tile, got one ${made}`);
      return tile;
    });
  }

  fromPlanes(): Promise<Made> {
    const { encoding, quality } = this.#storage;
    return timed(async () => {
      const pixels = async (plane: number) => {
        const tile = await this.#source.readTile({ level: this.#level.level, plane, ...this.#place });
        return tile && decodeTile(tile);
      };
      return encodeTile(await composeFromPlanes(this.#level.grid, encoding, this.#shown, pixels), encoding, quality);
    });
  }

  /** The tiles below are decoded already: what a program would decode again is not in the time. */
  fromFiner({ level, tiles }: Finer): Promise<Made> {
    const { encoding, quality } = this.#storage;
    const { row, column } = this.#place;
    return timed(async () => {
      const pixels = async (r: number, c: number) => tiles[r * level.grid.columns + c];
      return encodeTile(
        await composeFromFiner(this.#level.grid, encoding, level.grid, row, column, pixels),
        encoding,
        quality,
      );
    });
  }
}

async function timed(make: () => Promise<EncodedTile>): Promise<Made> {
  const start = performance.now();
  const tile = await make();
  return { tile, ms: performance.now() - start };
}

class Tally {
  #squares = 0;
  #samples = 0;
  readonly #bytes: number[] = [];
  readonly #times: number[] = [];

  get tiles(): number {
    return this.#bytes.length;
  }

  add(found: Raster, truth: Raster, at: { x: number; y: number; width: number; height: number }, made: Made): void {
    for (let y = 0; y < at.height; y++) {
      const from = ((at.y + y) * truth.width + at.x) * 3;
      for (let i = 0; i < 3 * at.width; i++)
        this.#squares += (found.data[3 * y * found.width + i] - truth.data[from + i]) ** 2;
    }
    this.#samples += 3 * at.width * at.height;
    this.#bytes.push(made.tile.bytes.length);
    this.#times.push(made.ms);
  }

  summary() {
    const psnr = 10 * Math.log10(255 ** 2 / (this.#squares / this.#samples));
    return { psnr, bytes: mean(this.#bytes), ms: quantile(this.#times, 0.5) };
  }
}

function describe(rows: readonly Row[]): string {
  const each = (of: (way: Row['ways'][Way]) => string) => (row: Row) => Object.values(row.ways).map(of).join(' / ');
  const psnr = each((way) => way.psnr.toFixed(2));
  const bytes = each((way) => (way.bytes / 1024).toFixed(1));
  const ms = each((way) => way.ms.toFixed(2));
  return [
    'Mixed tiles of coarser levels, made in three ways:\n',
    ...Object.entries(ways).map(([way, what]) => `- ${way}: ${what}`),
    '\nPSNR in dB against the picture with everything in focus, without noise or loss, halved; KB and median milliseconds a tile, one',
    'after the other (the tiles of the last way are decoded beforehand). Tiles encoded anew carry tables of .6 KB that quilted ones share.\n',
    table(
      ['slide', 'grain', 'level', 'tiles', 'mixed', 'PSNR', 'KB', 'ms'],
      rows.map((row) => [row.slide, row.grain, row.level, row.tiles, row.mixed, psnr(row), bytes(row), ms(row)]),
    ),
  ].join('\n');
}
