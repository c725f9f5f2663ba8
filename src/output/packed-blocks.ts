// The planes of blocks as text: small enough to travel in a slide's metadata.
import { deflateSync, inflateSync } from 'node:zlib';

/** A higher level takes ten times as long, for a few per cent. */
const level = 6;

export type PackedBlocks = {
  /** Tiles that mix planes, ascending. */
  readonly tiles: readonly number[];
  /** Base64 of the deflated planes of all their blocks, tile by tile, row-major, 16 bits each, low byte first. */
  readonly planes: string;
};

/** Packs the planes of blocks by tile; each tile has equally many. */
export function packBlocks(blocks: ReadonlyMap<number, Uint16Array>): PackedBlocks {
  const tiles = [...blocks.keys()].sort((a, b) => a - b);
  const bytes = Buffer.concat(tiles.map((tile) => littleEndian(blocks.get(tile) as Uint16Array)));
  return { tiles, planes: deflateSync(bytes, { level }).toString('base64') };
}

/** The opposite of packBlocks; undefined where the text is not of `perTile` blocks for each tile, with planes below `planeCount`. */
export function unpackBlocks(
  { tiles, planes }: PackedBlocks,
  perTile: number,
  planeCount: number,
): ReadonlyMap<number, Uint16Array> | undefined {
  let bytes: Buffer;
  try {
    bytes = inflateSync(Buffer.from(planes, 'base64'), { maxOutputLength: 2 * perTile * tiles.length + 1 });
  } catch {
    return undefined;
  }
  if (bytes.length !== 2 * perTile * tiles.length) return undefined;
  const all = Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
  if (all.some((plane) => plane >= planeCount)) return undefined;
  return new Map(tiles.map((tile, i) => [tile, all.slice(i * perTile, (i + 1) * perTile)]));
}

function littleEndian(planes: Uint16Array): Buffer {
  const bytes = Buffer.alloc(2 * planes.length);
  for (const [i, plane] of planes.entries()) bytes.writeUInt16LE(plane, 2 * i);
  return bytes;
}
