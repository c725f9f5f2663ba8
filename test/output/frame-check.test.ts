import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rgb } from '../../experiments/harness/fixtures/pictures.js';
import { frameCheck } from '../../src/output/frame-check.js';
import type { TileEncoding } from '../../src/slide/encoded-tile.js';
import type { TileCheck } from '../../src/slide/tile-run.js';
import { encodeJpeg } from '../fixtures/jpeg-slide.js';
import { texture } from '../jpeg/sample-streams.js';

const encoding = { width: 64, height: 48, ...rgb, subsampling: [2, 2] } as unknown as TileEncoding;
const stream = (width: number, height: number, seed: number) => encodeJpeg(texture(width, height, 3, seed), 80);
const outcome = (check: () => void) => {
  try {
    check();
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('frameCheck', () => {
  it('should always say of each tile what it says when it sees it first, whatever came before', () => {
    const tiles = [
      stream(64, 48, 1),
      stream(64, 48, 2),
      encodeJpeg(texture(64, 48, 3, 3), 40),
      stream(48, 64, 1),
      stream(64, 48, 1).subarray(0, 100),
      stream(64, 48, 1).subarray(0, 2),
      new Uint8Array(),
    ];
    // Each lies among bytes of others
    const rooms = tiles.map((bytes) => ({
      room: Buffer.concat([stream(64, 48, 9), bytes, bytes]),
      from: stream(64, 48, 9).length,
    }));
    const checkOf = (check: TileCheck, i: number) => () =>
      check(rooms[i].room, rooms[i].from, rooms[i].from + tiles[i].length);
    const first = tiles.map((_, i) => outcome(checkOf(frameCheck(encoding), i)));
    expect(first.slice(0, 3)).toEqual(['taken', 'taken', 'taken']);
    expect(first[3]).toMatch(/expected a JPEG tile of 64 x 48 pixels.*got 48 x 64/);
    for (const refusal of first.slice(4)) expect(refusal).not.toBe('taken');
    fc.assert(
      fc.property(fc.array(fc.nat(tiles.length - 1), { maxLength: 12 }), (order) => {
        const check = frameCheck(encoding);
        expect(order.map((i) => outcome(checkOf(check, i)))).toEqual(order.map((i) => first[i]));
      }),
    );
  });
});
