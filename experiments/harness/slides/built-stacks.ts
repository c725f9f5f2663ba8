// A small stack of every format that fixtures build, as a scanner would leave it in a folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCzi } from '../fixtures/czi-slide.js';
import { writeDicomSlide } from '../fixtures/dicom-slide.js';
import { writeNdpi } from '../fixtures/ndpi-stack.js';
import { depthByTile, writeStack } from '../fixtures/ome-stack.js';
import { grey } from '../fixtures/pictures.js';
import { saveWithSharp, writePlanes, writeTiffPlanes } from '../fixtures/plane-files.js';
import {
  aperioBytes,
  leicaBytes,
  plainVendor,
  type VendorSpec,
  vendorLevels,
  ventanaBytes,
} from '../fixtures/vendor-tiffs.js';
import { writeZarr } from '../fixtures/zarr-slide.js';

export type BuiltStack = {
  /** Names the format and how it is stored. */
  readonly name: string;
  /** What the command line takes. */
  readonly input: string;
  /** Options that such a slide is opened with. */
  readonly words: readonly string[];
};

/** Writes a stack into a folder of its own; answers what is to be opened. */
type Build = (folder: string) => Promise<string>;

const size = { width: 300, height: 200, planes: 3, levels: 3, depth: depthByTile(64, 3) } as const;
const jpeg = { codec: 'jpeg', sampling: '4:2:0' } as const;
const ycc = { ...plainVendor, storage: { codec: 'jpeg', sampling: '4:4:4', sharedTables: true } } as const;
const namePlane = (ending: string) => (plane: number) => `slide_z${plane}.${ending}`;

const builds: Readonly<Record<string, Build>> = {
  'OME-TIFF, JPEG': ome({ storage: jpeg, pyramid: 'sub-directories' }),
  'OME-TIFF, JPEG of shared tables': ome({ storage: { ...jpeg, sharedTables: true } }),
  'OME-TIFF, deflate': ome({ storage: { codec: 'deflate', predictor: 2 } }),
  'OME-TIFF, LZW, grey of 16 bits': ome({ storage: { codec: 'lzw' }, pixel: grey('uint16') }),
  'OME-TIFF, JPEG 2000': ome({ storage: { codec: 'jpeg2000' } }),
  'OME-TIFF in strips, big-endian': ome({ tile: undefined, bigEndian: true, pyramid: 'none' }),
  'OME-TIFF, a file a plane': ome({ files: 'a-plane-each' }),
  'Aperio SVS, JPEG': vendor('stack.svs', plainVendor, async (planes) =>
    aperioBytes(planes, { order: [1, 0, 2], offsetsUm: [undefined, -1.5, 1.5] }),
  ),
  'Aperio SVS, JPEG 2000': vendor('stack.svs', { ...plainVendor, storage: { codec: 'jpeg2000' } }, async (planes) =>
    aperioBytes(planes, { order: [0, 1, 2], offsetsUm: [0, 1, 2] }),
  ),
  'Leica SCN': vendor('stack.scn', ycc, (planes) => leicaBytes(planes, ycc, { spacingNm: 1500 })),
  'Ventana BIF': vendor('stack.bif', ycc, async (planes) =>
    ventanaBytes(planes, { spacingUm: 1.5, joints: '<TileJointInfo OverlapX="0" OverlapY="0"/>', layers: 3 }),
  ),
  'Hamamatsu NDPI, segments cut': ndpi({ width: 500, restart: [21, 16, 0] }),
  'Hamamatsu NDPI, segments stacked': ndpi({ restart: [8, 8, 8] }),
  'CZI, uncompressed': czi({}),
  'CZI, zstd, grey of 16 bits': czi({ storage: 'zstd1, split', pixel: grey('uint16') }),
  'CZI, JPEG on the tile grid': czi({
    width: 320,
    height: 192,
    storage: 'jpeg',
    frame: { width: 64, height: 48, stepX: 64, stepY: 48 },
  }),
  'DICOM, all planes in an instance': dicom({ pictures: ['LABEL'] }),
  'DICOM, sparse, an instance a plane': dicom({
    tiling: 'TILED_SPARSE',
    instances: 'a-plane-each',
    offsets: 'extended',
  }),
  'DICOM, uncompressed': dicom({ storage: { codec: 'raw' } }),
  'OME-Zarr 0.4': async (folder) => (await writeZarr(join(folder, 'in.zarr'), size)).folder,
  'OME-Zarr 0.5, shards': async (folder) =>
    (await writeZarr(join(folder, 'in.zarr'), { ...size, version: '0.5', shard: 2 })).folder,
  'plane files, PNG': async (folder) => (await writePlanes(folder, size, namePlane('png'), saveWithSharp)).folder,
  'plane files, JPEG': async (folder) => (await writePlanes(folder, size, namePlane('jpg'), saveWithSharp)).folder,
  'plane files, tiled TIFF': async (folder) =>
    (await writeTiffPlanes(folder, { ...size, storage: jpeg }, namePlane('tif'))).folder,
};

/** Options beyond those that every stack is opened with. */
const wordsOf = (name: string): readonly string[] => (/NDPI|^CZI, (un|z)/.test(name) ? ['--tile-size', '64'] : []);

/** Writes every stack below a folder; one that can't be built here (its encoder is missing) fails. */
export async function buildStacks(folder: string): Promise<BuiltStack[]> {
  const built: BuiltStack[] = [];
  for (const [name, build] of Object.entries(builds)) {
    const place = join(folder, name.replace(/\W+/g, '-').toLowerCase());
    await mkdir(place, { recursive: true });
    built.push({ name, input: await build(place), words: wordsOf(name) });
  }
  return built;
}

function ome(spec: Parameters<typeof writeStack>[1]): Build {
  return async (folder) => (await writeStack(folder, { ...size, ...spec })).path;
}

function vendor(
  name: string,
  spec: VendorSpec,
  bytesOf: (planes: Awaited<ReturnType<typeof vendorLevels>>) => Promise<{ readonly bytes: Uint8Array }>,
): Build {
  return async (folder) => {
    const path = join(folder, name);
    await writeFile(path, (await bytesOf(await vendorLevels(spec))).bytes);
    return path;
  };
}

function ndpi(spec: Parameters<typeof writeNdpi>[1]): Build {
  return async (folder) => {
    const path = join(folder, 'stack.ndpi');
    await writeNdpi(path, spec);
    return path;
  };
}

function czi(spec: Parameters<typeof writeCzi>[1]): Build {
  return async (folder) => (await writeCzi(join(folder, 'stack.czi'), { ...size, levels: 2, ...spec })).path;
}

function dicom(spec: Parameters<typeof writeDicomSlide>[1]): Build {
  return async (folder) => (await writeDicomSlide(folder, { ...size, ...spec })).folder;
}
