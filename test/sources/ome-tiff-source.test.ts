import type { SlideInfo } from '../../src/slide/slide-info.js';
import type { OpenOptions } from '../../src/sources/open-options.js';
import { describeSlideSource, type KnownSlide } from '../contracts/slide-source.js';
import { depthByTile, type StackSpec, type WrittenStack, writeStack } from '../fixtures/ome-stack.js';
import { readWithSharp } from '../fixtures/other-decoders.js';
import { grey } from '../fixtures/pictures.js';

// Smaller than by default where only the layout is in question.
const small = { width: 150, height: 90, planes: 3, depth: depthByTile(64, 3) } as const;

const variations: Record<string, Partial<StackSpec>> = {
  'classic, deflate, pyramid in SubIFDs': {},
  'BigTIFF, deflate with predictor': { ...small, big: true, storage: { codec: 'deflate', predictor: 2 } },
  'big-endian': { ...small, bigEndian: true },
  'big-endian BigTIFF': { ...small, big: true, bigEndian: true, storage: { codec: 'lzw' } },
  uncompressed: { ...small, storage: { codec: 'raw' } },
  LZW: { ...small, storage: { codec: 'lzw' } },
  'LZW with predictor': { ...small, storage: { codec: 'lzw', predictor: 2 } },
  'sizes rounded up': { ...small, width: 151, height: 91, rounding: 'up' },
  'odd sizes rounded down': { ...small, width: 151, height: 91, rounding: 'down' },
  'a pyramid in the main chain': { ...small, pyramid: 'main-chain' },
  'a pyramid in the main chain, with channels': { ...small, pyramid: 'main-chain', channels: 2, timepoints: 2 },
  'no pyramid': { ...small, pyramid: 'none' },
  'oblong tiles': { ...small, tile: { width: 96, height: 32 } },
  'one tile': { ...small, width: 40, height: 30, tile: { width: 64, height: 64 } },
  'JPEG with tables in every tile': { ...small, storage: { codec: 'jpeg' } },
  'JPEG with shared tables': { ...small, storage: { codec: 'jpeg', sharedTables: true } },
  'JPEG 4:2:2': { ...small, storage: { codec: 'jpeg', sampling: '4:2:2' } },
  'JPEG 4:4:4 with shared tables': { ...small, storage: { codec: 'jpeg', sampling: '4:4:4', sharedTables: true } },
  'JPEG of RGB': { ...small, storage: { codec: 'jpeg', sampling: 'rgb' } },
  'JPEG of RGB with shared tables': { ...small, storage: { codec: 'jpeg', sampling: 'rgb', sharedTables: true } },
  'grey JPEG': { ...small, pixel: grey('uint8'), storage: { codec: 'jpeg', sampling: 'grey' } },
  'grey of 8 bits': { ...small, pixel: grey('uint8') },
  'signed grey of 8 bits, predictor': { ...small, pixel: grey('int8'), storage: { codec: 'deflate', predictor: 2 } },
  'grey of 16 bits, predictor': { ...small, pixel: grey('uint16'), storage: { codec: 'lzw', predictor: 2 } },
  'grey of 16 bits, big-endian, predictor': {
    ...small,
    bigEndian: true,
    pixel: grey('uint16'),
    storage: { codec: 'deflate', predictor: 2 },
  },
  'signed grey of 16 bits, big-endian, uncompressed': {
    ...small,
    bigEndian: true,
    pixel: grey('int16'),
    storage: { codec: 'raw' },
  },
  'a file a plane': { ...small, files: 'a-plane-each' },
  'a companion': { ...small, files: 'companion' },
  'planes by directory alone': { ...small, tiffData: 'each-by-ifd' },
  'planes numbered from 1': { ...small, channels: 2, timepoints: 2, tiffData: 'each-from-one' },
  'planes in one block': { ...small, channels: 2, timepoints: 2, tiffData: 'one-block', dimensionOrder: 'XYTCZ' },
  'TiffData without attributes': { ...small, channels: 2, tiffData: 'empty', dimensionOrder: 'XYCZT' },
  'no TiffData': { ...small, channels: 2, tiffData: 'missing', dimensionOrder: 'XYZTC' },
};

for (const [name, spec] of Object.entries(variations)) {
  describeSlideSource(`OME-TIFF: ${name}`, async (folder) => knownStack(await writeStack(folder.folder('in'), spec)));
}

/** What the contract needs to know of a written stack; channel and timepoint as `options` choose them. */
function knownStack(stack: WrittenStack, options: OpenOptions = {}): KnownSlide {
  const { spec, levels, path, picture, stored } = stack;
  const tile = spec.tile ?? { width: 256, height: 256 };
  const at = (z: number) => ({ z, c: (options.channel as number) ?? 0, t: options.timepoint ?? 0 });
  const sizes = levels.map((level) => picture(at(0), level));
  const jpeg = spec.storage.codec === 'jpeg';
  return {
    input: path,
    options,
    info: {
      format: 'OME-TIFF',
      name: spec.name,
      untiled: spec.tile ? undefined : 'lossless',
      micronsPerPixel: { x: 0.5, y: 0.5 },
      planes: Array.from({ length: spec.planes }, (_, plane) => ({ plane, zUm: plane * 1.5 })),
      notes: [],
    } satisfies Partial<SlideInfo>,
    levels: sizes.map((size) => ({
      width: size.width,
      height: size.height,
      columns: Math.ceil(size.width / tile.width),
      rows: Math.ceil(size.height / tile.height),
    })),
    tile,
    planes: spec.planes,
    picture: jpeg
      ? (plane, level) => readWithSharp(page(stack, plane, level))
      : (plane, level) => picture(at(plane), level),
    // libvips takes libjpeg's slow DCT, zflat the fast one, which is off by more the finer the steps (RGB is stored at quality 95).
    tolerance: !jpeg ? 0 : spec.storage.sampling === 'rgb' ? 14 : 5,
    stored: ({ level, plane, row, column }) => {
      const columns = Math.ceil(sizes[level].width / tile.width);
      return stored(at(plane), level).chunks[row * columns + column];
    },
    incomparable: spec.storage.codec === 'raw' ? /uncompressed/ : undefined,
  };
}

function page({ files }: WrittenStack, plane: number, level: number) {
  return { path: files[0], page: plane, subDirectory: level === 0 ? undefined : level - 1 };
}
