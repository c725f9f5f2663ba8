// Ventana BIF with planes, built by a fixture as the format says; no real file was to be had.
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  plainVendor,
  type VentanaOptions,
  vendorLevels,
  ventanaBytes,
} from '../../../experiments/harness/fixtures/vendor-tiffs.js';
import type { SlideError } from '../../../src/errors.js';
import { greatestOverlap, parseVentana, storedOrder } from '../../../src/formats/ventana-bif/ventana.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { knownVendor } from '../../fixtures/known-vendor.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const storage = { codec: 'jpeg', sampling: '4:4:4' } as const;
const joined = '<TileJointInfo FlagJoined="1" Direction="RIGHT" Tile1="1" Tile2="2" OverlapX="0" OverlapY="0"/>';

for (const [planeCount, zUm] of [
  [5, [-3, -1.5, 0, 1.5, 3]],
  [3, [-1.5, 0, 1.5]],
  [1, [0]],
] as const) {
  describeSlideSource(`Ventana BIF: ${planeCount} planes`, async (folder) => {
    const bif = { ...plainVendor, storage, planes: planeCount, depth: (x: number) => Math.floor(x / 64) % planeCount };
    const planes = await vendorLevels(bif);
    const path = folder.at('stack.bif');
    await writeFile(path, ventanaBytes(planes, { spacingUm: 1.5, joints: joined, layers: planeCount }).bytes);
    return knownVendor(bif, planes, {
      input: path,
      info: {
        format: 'Ventana BIF',
        name: 'stack.bif',
        retiled: undefined,
        notes: [],
        planes: zUm.map((each, plane) => ({ plane, zUm: each })),
        micronsPerPixel: { x: 0.25, y: 0.25 },
        objective: { magnification: 40 },
        associatedImages: [
          { kind: 'label', width: 90, height: 40 },
          { kind: 'thumbnail', width: 90, height: 40 },
        ],
      },
    });
  });
}

describe('BIF', () => {
  const folder = temporaryFolder();
  let count = 0;

  async function written(overrides: Partial<VentanaOptions>, planeCount = 3): Promise<string> {
    const bif = { ...plainVendor, storage, planes: planeCount, depth: () => 0 };
    const path = folder.at(`${count++}.bif`);
    const options = { spacingUm: 1, joints: joined, layers: planeCount, ...overrides };
    await writeFile(path, ventanaBytes(await vendorLevels(bif), options).bytes);
    return path;
  }
  const refused = async (overrides: Partial<VentanaOptions>, planeCount = 3): Promise<SlideError> =>
    refusalOf(openSlide(await written(overrides, planeCount)));

  it('should never copy tiles that overlap', async () => {
    for (const overlap of ['OverlapX="24" OverlapY="0"', "OverlapX='0' OverlapY='-7'"]) {
      expect(await refused({ joints: `${joined}<TileJointInfo FlagJoined="1" ${overlap}/>` })).toMatchObject({
        code: 'unsupported',
        place: { level: 0 },
        problem: expect.stringMatching(/overlap by up to (24|7) pixels/),
        hint: expect.any(String),
      });
    }
  });

  it('should always say what it takes on trust', async () => {
    const notesOf = async (overrides: Partial<VentanaOptions>) => {
      const { info, close } = await openSlide(await written(overrides));
      await close();
      return info.notes;
    };
    expect(await notesOf({ joints: '' })).toEqual([expect.stringMatching(/does not say whether/)]);
    // Frames that are not joined have no overlap.
    expect(await notesOf({ joints: '<TileJointInfo FlagJoined="0" OverlapX="30" OverlapY="2"/>' })).toEqual([]);
    expect(await notesOf({ layers: 7 })).toEqual([expect.stringMatching(/7 planes.*have 3/)]);
  });

  it('should always refuse a number of planes whose order is not known', async () => {
    expect(await refused({}, 2)).toMatchObject({ code: 'unsupported', problem: expect.stringMatching(/2 planes/) });
  });

  it('should always name the plane and the tile that lies beyond the end', async () => {
    const bif = { ...plainVendor, storage, depth: () => 0 };
    const tiff = ventanaBytes(await vendorLevels(bif), { spacingUm: 1, joints: joined, layers: 3 });
    const { valuesAt } = tiff.directories[2];
    // The second of the tiles of the last plane stored, which is the highest; 20 tiles a plane.
    tiff.bytes.writeBigUInt64LE(2n ** 40n, (valuesAt.get(324) as number) + 8 * (2 * 20 + 1));
    const path = folder.at('beyond.bif');
    await writeFile(path, tiff.bytes);
    expect(await refusalOf(openSlide(path))).toMatchObject({
      code: 'damaged',
      place: { file: path, level: 0, plane: 2, row: 0, column: 1 },
    });
  });
});

describe('what Ventana writes', () => {
  it('should always give every plane a place of its own, nominal focus the first', () => {
    expect(storedOrder(5)).toEqual([2, 1, 0, 3, 4]);
    for (const planes of [1, 3, 7, 21]) {
      const order = storedOrder(planes);
      expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, i) => i));
      expect(order[(planes - 1) / 2]).toBe(0);
    }
  });

  it('should never fail on text of any kind', () => {
    const text = fc.array(
      fc.constantFrom('<iScan ', '<TileJointInfo ', '>', '"', "'", '=', 'Z-layers', 'OverlapX', '5', ' ', 'x'),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const xmp = parts.join('');
        const scan = parseVentana(xmp);
        expect(scan?.layers ?? 1).toBeGreaterThan(0);
        expect(greatestOverlap(xmp) ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});
