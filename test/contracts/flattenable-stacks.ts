// Stacks of every codec and kind of storage, with what must come of each when it is flattened.
import {
  depthByTile,
  type StackSpec,
  type WrittenStack,
  writeStack,
} from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import type { OutputFormat } from '../../src/options/writing.js';
import type { Raster } from '../../src/slide/raster.js';
import { readWithSharp } from '../fixtures/other-decoders.js';
import { halvings, retiledSizes } from '../fixtures/retiled-levels.js';
import type { TemporaryFolder } from '../fixtures/temporary-folder.js';
import type { Flattenable } from './flattened-slide.js';

const both: readonly OutputFormat[] = ['ome-tiff', 'tiff-flat'];
const ome: readonly OutputFormat[] = ['ome-tiff'];
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;
const exact = () => ({ greatest: 0, mean: 0 });
/** Blocks have their planes' coefficients; chroma that is stored coarser is smoothed across their borders. */
const quilted = (level: number) => (level === 0 ? exact() : { greatest: 40, mean: 0.5 });
const mixed = ['mixed planes'];

/** What must come of a stack stored in tiles. */
async function flattenable(
  folder: TemporaryFolder,
  overrides: Partial<StackSpec>,
  result: Pick<Flattenable, 'compression' | 'encoded'> & Partial<Flattenable>,
): Promise<Flattenable> {
  const stack = await writeStack(folder.folder('in'), overrides);
  const { spec } = stack;
  const levels = await Promise.all(stack.levels.map((level) => planesOf(stack, level)));
  return {
    input: stack.path,
    planes: spec.planes,
    tile: 64,
    levels: levels.map((planes) => (plane) => planes[plane]),
    truth: (row, column) => spec.depth(64 * column, 64 * row),
    tolerance: exact,
    ...result,
  };
}

/** The planes at a level: as they went in or, of JPEG, as libvips decodes what is stored. */
async function planesOf({ spec, path, picture }: WrittenStack, level: number): Promise<Raster[]> {
  const subDirectory = level === 0 ? undefined : level - 1;
  const plane = (z: number) =>
    spec.storage.codec === 'jpeg' ? readWithSharp({ path, page: z, subDirectory }) : picture({ z, c: 0, t: 0 }, level);
  return Promise.all(Array.from({ length: spec.planes }, (_, z) => plane(z)));
}

/** Describes what must be true of each, flattened. */
export function forEachFlattenable(
  describeFlattened: (
    name: string,
    formats: readonly OutputFormat[],
    make: (folder: TemporaryFolder) => Promise<Flattenable>,
  ) => void,
): void {
  describeFlattened('deflate', both, (folder) =>
    flattenable(folder, {}, { compression: 'AdobeDeflate', encoded: mixed }),
  );

  describeFlattened('deflate with predictor, odd sizes rounded up', ome, (folder) =>
    flattenable(
      folder,
      { ...small, width: 151, height: 91, rounding: 'up', storage: { codec: 'deflate', predictor: 2 } },
      { compression: 'AdobeDeflate', encoded: mixed },
    ),
  );

  describeFlattened('uncompressed, pyramid in the main chain', ome, (folder) =>
    flattenable(
      folder,
      { ...small, pyramid: 'main-chain', storage: { codec: 'raw' } },
      { compression: 'None', encoded: mixed },
    ),
  );

  describeFlattened('no pyramid', both, (folder) =>
    flattenable(
      folder,
      { ...small, pyramid: 'none' },
      { compression: 'AdobeDeflate', encoded: ['level missing in the source'] },
    ),
  );

  describeFlattened('LZW, which is only read, mixed', ome, (folder) =>
    flattenable(
      folder,
      { ...small, storage: { codec: 'lzw' } },
      { compression: 'LZW', coarserCompression: 'AdobeDeflate', encoded: ['codec is only read'] },
    ),
  );

  describeFlattened('LZW from one plane', both, (folder) =>
    flattenable(folder, { ...small, depth: () => 1, storage: { codec: 'lzw' } }, { compression: 'LZW', encoded: [] }),
  );

  describeFlattened('grey of 16 bits, big-endian', both, (folder) =>
    flattenable(
      folder,
      { ...small, bigEndian: true, pixel: grey('uint16') },
      { compression: 'AdobeDeflate', encoded: ['samples stored high byte first'] },
    ),
  );

  describeFlattened('signed grey of 16 bits', ome, (folder) =>
    flattenable(
      folder,
      { ...small, pixel: grey('int16'), storage: { codec: 'deflate', predictor: 2 } },
      { compression: 'AdobeDeflate', encoded: mixed },
    ),
  );

  describeFlattened('JPEG with tables in every tile, mixed', both, (folder) =>
    flattenable(
      folder,
      { ...small, storage: { codec: 'jpeg' } },
      { compression: 'JPEG', encoded: [], quilted: true, tolerance: quilted },
    ),
  );

  describeFlattened('JPEG with shared tables from one plane', both, (folder) =>
    flattenable(
      folder,
      { ...small, depth: () => 2, storage: { codec: 'jpeg', sharedTables: true } },
      { compression: 'JPEG', encoded: [], tolerance: exact },
    ),
  );

  describeFlattened('JPEG 4:2:2 with shared tables, mixed', ome, (folder) =>
    flattenable(
      folder,
      { ...small, storage: { codec: 'jpeg', sharedTables: true, sampling: '4:2:2' } },
      { compression: 'JPEG', encoded: [], quilted: true, tolerance: quilted },
    ),
  );

  describeFlattened('JPEG of RGB from one plane', both, (folder) =>
    flattenable(
      folder,
      { ...small, depth: () => 1, storage: { codec: 'jpeg', sampling: 'rgb' } },
      { compression: 'JPEG', encoded: [] },
    ),
  );

  describeFlattened('JPEG of RGB, mixed', ome, (folder) =>
    flattenable(
      folder,
      { ...small, storage: { codec: 'jpeg', sampling: 'rgb', sharedTables: true } },
      { compression: 'JPEG', encoded: [], quilted: true, tolerance: exact },
    ),
  );

  describeFlattened('grey JPEG, mixed', ome, (folder) =>
    flattenable(
      folder,
      { ...small, pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey', sharedTables: true } },
      { compression: 'JPEG', encoded: [], quilted: true, tolerance: exact },
    ),
  );

  describeFlattened('planes without tiles, in PNGs', both, async (folder) => {
    const { folder: input, pictures } = await writePlanes(folder.at('in'), small, (z) => `z${z}.png`, saveWithSharp);
    const laid = halvings((plane) => pictures[plane]);
    return {
      input,
      options: { tileSize: 64 },
      planes: 3,
      tile: 64,
      levels: retiledSizes(small, 64).map((_, level) => (plane: number) => laid(plane, level)),
      truth: (row, column) => small.depth(64 * column, 64 * row),
      tolerance: exact,
      compression: 'AdobeDeflate',
      encoded: ['planes stored without tiles'],
    };
  });

  describeFlattened('planes without tiles, in JPEGs', ome, async (folder) => {
    const { folder: input, files } = await writePlanes(folder.at('in'), small, (z) => `z${z}.jpg`, saveWithSharp);
    const pictures = await Promise.all(files.map((path) => readWithSharp({ path, page: 0 })));
    const laid = halvings((plane) => pictures[plane]);
    return {
      input,
      options: { tileSize: 64 },
      planes: 3,
      tile: 64,
      levels: retiledSizes(small, 64).map((_, level) => (plane: number) => laid(plane, level)),
      truth: (row, column) => small.depth(64 * column, 64 * row),
      // Encoded once more, at quality 95.
      tolerance: () => ({ greatest: 40, mean: 4 }),
      compression: 'JPEG',
      encoded: ['planes stored without tiles'],
    };
  });
}
