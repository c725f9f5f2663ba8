// Sub-blocks: the pictures that a CZI file is made of, as its directory tells of them (directory entries of schema DV).
import { int64 } from './segment.js';

/** Compression of a sub-block, as the directory numbers it. */
export const cziCompression = { raw: 0, jpeg: 1, lzw: 2, jpegXr: 4, zstd0: 5, zstd1: 6 } as const;

export type SubBlock = {
  /** 0 grey of 8 bits, 1 grey of 16 bits, 3 blue, green and red of 8 bits; others are not read. */
  readonly pixelType: number;
  readonly compression: number;
  /** The file that its segment is in, 0 for the one with the directory, and its position there. */
  readonly part: number;
  readonly position: number;
  /** Where it lies, in pixels of level 0; may be negative. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Its own size: smaller than that where it belongs to a coarser level. */
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly z: number;
  readonly channel: number;
  readonly timepoint: number;
  /** Undefined where the file keeps no regions apart. */
  readonly scene: number | undefined;
  /** Its number in the mosaic: of two that overlap, the higher is on top. -Infinity where it has none. */
  readonly mosaic: number;
  /** Its index along every further dimension, such as "B0 H2": blocks, phases, rotations, illuminations, views. */
  readonly further: string;
};

/** Bytes of an entry before its dimensions, and of a dimension. */
export const entryHead = 32;
export const dimensionBytes = 20;

/** The format has eleven dimensions. */
const maxDimensions = 40;

/** How many dimensions the entry tells of, or undefined where it is none. */
export function dimensionsOf(view: DataView, at: number): number | undefined {
  const schema = String.fromCharCode(view.getUint8(at), view.getUint8(at + 1));
  const count = view.getInt32(at + 28, true);
  return schema === 'DV' && count >= 0 && count <= maxDimensions ? count : undefined;
}

/** The entry at `at`, whose dimensions the view must hold; undefined where it tells of no picture. */
export function parseEntry(view: DataView, at: number, dimensions: number): SubBlock | undefined {
  const starts = new Map<string, number>();
  const sizes = new Map<string, { size: number; stored: number }>();
  for (let i = 0; i < dimensions; i++) {
    const from = at + entryHead + i * dimensionBytes;
    const name = String.fromCharCode(view.getUint8(from));
    starts.set(name, view.getInt32(from + 4, true));
    const size = view.getInt32(from + 8, true);
    // 0 where it is not scaled.
    sizes.set(name, { size, stored: view.getInt32(from + 16, true) || size });
  }
  const [x, y] = [sizes.get('X'), sizes.get('Y')];
  if (!x || !y || [x.size, x.stored, y.size, y.stored].some((side) => side < 1)) return undefined;
  const index = (name: string) => starts.get(name) ?? 0;
  const further = [...starts].filter(([name]) => !'XYZCTSM'.includes(name)).map(([name, start]) => `${name}${start}`);
  return {
    pixelType: view.getInt32(at + 2, true),
    position: int64(view, at + 6),
    part: view.getInt32(at + 14, true),
    compression: view.getInt32(at + 18, true),
    x: index('X'),
    y: index('Y'),
    width: x.size,
    height: y.size,
    storedWidth: x.stored,
    storedHeight: y.stored,
    z: index('Z'),
    channel: index('C'),
    timepoint: index('T'),
    scene: starts.get('S'),
    mosaic: starts.get('M') ?? Number.NEGATIVE_INFINITY,
    further: further.sort().join(' '),
  };
}
