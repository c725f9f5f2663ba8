// Proof that a tile is the quilt a map names: coefficient by coefficient, by decoding all of them.
import { decodeCoefficients } from './decode-coefficients.js';
import type { JpegTile } from './jpeg-tile.js';
import { differenceOf, type UnquiltableReason, usedTiles } from './quilt-tile.js';

/** What of a tile is not of its sources: a property of its stream, or the first MCU (row-major) with other coefficients. */
export type QuiltDifference =
  | { readonly kind: 'header'; readonly reason: UnquiltableReason; readonly tile: number }
  | { readonly kind: 'mcu'; readonly mcu: number; readonly tile: number };

/**
 * Compares every MCU of `result` with that of the tile `choice` names for it. Undefined where all are the same. Streams that can't be
 * decoded throw `damaged` or `unsupported`. No bit is compared nor copied here: quiltTile and this have
 * only the reading of Huffman codes in common.
 */
export function verifyQuilt(
  result: JpegTile,
  tiles: readonly JpegTile[],
  choice: Uint8Array,
): QuiltDifference | undefined {
  const { header } = result;
  const used = usedTiles(tiles.length, choice);
  for (const tile of used) {
    const reason = differenceOf(tiles[tile].header, header);
    if (reason) return { kind: 'header', reason, tile };
  }
  const perMcu = 64 * header.blocksPerMcu;
  const found = decodeCoefficients(result.bytes, header);
  if (choice.length * perMcu !== found.length) {
    throw new RangeError(`expected a choice for each of ${found.length / perMcu} MCUs, got ${choice.length}`);
  }
  const named = new Map(used.map((tile) => [tile, decodeCoefficients(tiles[tile].bytes, tiles[tile].header)]));
  for (let mcu = 0; mcu < choice.length; mcu++) {
    const source = named.get(choice[mcu]) as Int16Array;
    for (let i = mcu * perMcu; i < (mcu + 1) * perMcu; i++) {
      if (found[i] !== source[i]) return { kind: 'mcu', mcu, tile: choice[mcu] };
    }
  }
  return undefined;
}
