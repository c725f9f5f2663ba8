// A z-stacked slide whose depth is known: rendered tile by tile, plane by plane, straight into an OME-TIFF.
import { encodeTile } from '../codecs/codec.js';
import { splitTables } from '../jpeg/tables.js';
import { checkOptions } from '../options/check-options.js';
import { defaultConcurrency, runningOptions } from '../options/running.js';
import { type SynthesisOptions, synthesisOptions, synthSamplings } from '../options/synthesis.js';
import { halvedLevels, PyramidBuilder, type ReadyTile } from '../output/coarser-levels.js';
import { checkSlideName } from '../output/slide-name.js';
import { createTiffWriter } from '../output/tiff-writer.js';
import { OrderedPrefetch } from '../pipeline/ordered-prefetch.js';
import type { CodecName, EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import { planeHeights } from '../slide/focal-planes.js';
import type { Level } from '../slide/pyramid.js';
import type { PixelFormat, Raster } from '../slide/raster.js';
import { type TileGrid, tileCount } from '../slide/tile-grid.js';
import { toSynthSettings } from '../synth/synth-options.js';
import { createSynthSlide, type SlideTruth } from '../synth/synth-slide.js';
import { software } from '../system/version.js';
import { writeOmeXml } from '../tiff/write-ome-xml.js';
import type { RunOptions } from './plan-slide.js';

export type SynthesizeOptions = SynthesisOptions & RunOptions;

/** All that can be set of it. */
export const synthesizeOptions = { ...synthesisOptions, ...runningOptions } as const;

export type SynthesizedSlide = {
  readonly path: string;
  readonly bytes: number;
  /** In pixels of level 0. */
  readonly width: number;
  readonly height: number;
  readonly planes: number;
  /** The truth about every tile: computed where it is asked for, 5 to 60 ms a tile. */
  readonly truth: () => SlideTruth;
};

/** Renders a slide to `output`. Memory: the texture, and two rows of tiles; nothing grows with the slide's height or planes. */
export async function synthesizeSlide(output: string, options: SynthesizeOptions = {}): Promise<SynthesizedSlide> {
  checkOptions([synthesizeOptions], options);
  const { sharp } = options;
  for (const path of [output, sharp]) if (path !== undefined) checkSlideName(path, undefined);
  const scene = await createSynthSlide(options);
  const { codec = 'jpeg', subsampling = '4:2:0' } = options;
  const encoding = tileEncoding(scene.grid, codec, synthSamplings[subsampling]);
  const planes = planeHeights(scene.planes);
  const bytes = await writeStack(output, options, scene.grid, encoding, planes, scene.renderTile);
  if (sharp !== undefined) {
    const lossless = tileEncoding(scene.grid, 'deflate', [1, 1]);
    await writeStack(sharp, options, scene.grid, lossless, [0], (_plane, row, column) =>
      scene.renderSharpTile(row, column),
    );
  }
  const { width, height } = scene.grid;
  return { path: output, bytes, width, height, planes: scene.planes.length, truth: () => scene.trueDepth() };
}

async function writeStack(
  path: string,
  options: SynthesizeOptions,
  grid: TileGrid,
  encoding: TileEncoding,
  zUm: readonly number[],
  render: (plane: number, row: number, column: number) => Raster,
): Promise<number> {
  const { quality = 80, micronsPerPixel = 0.25, force = false } = options;
  const { concurrency = defaultConcurrency, signal, onEvent } = options;
  const levels = halvedLevels(grid, { width: grid.tileWidth, height: grid.tileHeight }, options.levels);
  const um = { x: micronsPerPixel, y: micronsPerPixel };
  const { terrain } = toSynthSettings(options);
  const describe = () => {
    const { width, height } = grid;
    const facts = {
      name: `synthetic ${terrain}`,
      width,
      height,
      pixel: encoding,
      planes: zUm.length,
      firstDirectory: 0,
    };
    return writeOmeXml({ creator: software, images: [{ ...facts, micronsPerPixel: um, zUm }], annotations: [] });
  };
  const tables = encoding.codec === 'jpeg' ? await sharedTables(render(0, 0, 0), encoding, quality) : undefined;
  const written = levels.map((level) => ({ ...level, encoding: { ...encoding, jpegTables: tables } }));
  const layout = {
    planes: zUm.length,
    levels: written,
    micronsPerPixel: um,
    iccProfile: undefined,
    pictures: [],
    software,
    describe,
    big: true,
  };
  const writer = await createTiffWriter(path, layout, force);
  const of = zUm.length * levels.reduce((sum, level) => sum + tileCount(level.grid), 0);
  let tiles = 0;
  onEvent?.({ type: 'writing', tiles: of });
  try {
    for (let plane = 0; plane < zUm.length; plane++) {
      const rendered = renderPlane(levels, encoding, (row, column) => render(plane, row, column));
      const encode = async ({ raster, ...place }: ReadyTile) => ({
        tile: abbreviated(await encodeTile(raster, encoding, quality), tables),
        place: { plane, ...place },
      });
      for await (const { tile, place } of new OrderedPrefetch(rendered, encode, { concurrency, signal })) {
        await writer.writeTile(place, tile);
        onEvent?.({ type: 'written', tiles: ++tiles, of });
      }
    }
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** All tiles of a plane, of all levels, a row of the finest level at a time. */
function* renderPlane(
  levels: readonly Level[],
  format: PixelFormat,
  render: (row: number, column: number) => Raster,
): Generator<ReadyTile> {
  const [{ grid }] = levels;
  const builder = new PyramidBuilder(levels, format);
  for (let row = 0; row < grid.rows; row++) {
    yield* builder.addRow(Array.from({ length: grid.columns }, (_, column) => render(row, column)));
  }
}

function tileEncoding(grid: TileGrid, codec: CodecName, subsampling: readonly [number, number]): TileEncoding {
  return {
    width: grid.tileWidth,
    height: grid.tileHeight,
    channels: 3,
    sample: 'uint8',
    codec,
    photometric: codec === 'jpeg' ? 'ycbcr' : 'rgb',
    predictor: codec === 'deflate' ? 2 : 1,
    bigEndian: false,
    subsampling: codec === 'jpeg' ? subsampling : [1, 1],
  };
}

/** The tables that all tiles of the slide have, as scanners keep them: once a directory, not in every tile. */
async function sharedTables(raster: Raster, encoding: TileEncoding, quality: number): Promise<Uint8Array> {
  return splitTables((await encodeTile(raster, encoding, quality)).bytes).tables;
}

function abbreviated(encoded: EncodedTile, shared: Uint8Array | undefined): EncodedTile {
  if (!shared) return encoded;
  const { tables, tile } = splitTables(encoded.bytes);
  if (Buffer.compare(tables, shared) !== 0) throw new RangeError('the JPEG encoder changed its tables');
  return { ...encoded, bytes: tile };
}
