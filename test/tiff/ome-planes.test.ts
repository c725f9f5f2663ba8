import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlaneIndex, plainStack, planeOrder } from '../../experiments/harness/fixtures/ome-stack.js';
import { channelCount, locatePlanes } from '../../src/tiff/ome-planes.js';
import type { OmePixels, OmeTiffData } from '../../src/tiff/ome-xml.js';

const orders = ['XYZCT', 'XYZTC', 'XYCZT', 'XYCTZ', 'XYTZC', 'XYTCZ'];

/** How many planes, channels and timepoints an image has, in which order, and with how many samples a pixel. */
const arbitraryShape = fc.record({
  dimensionOrder: fc.constantFrom(...orders),
  planes: fc.integer({ min: 1, max: 4 }),
  channels: fc.integer({ min: 1, max: 3 }),
  timepoints: fc.integer({ min: 1, max: 3 }),
  samples: fc.constantFrom(1, 3),
});

type Shape = { dimensionOrder: string; planes: number; channels: number; timepoints: number; samples: number };

function pixelsOf(shape: Shape, tiffData: readonly OmeTiffData[]): OmePixels {
  const { dimensionOrder, planes, channels, timepoints, samples } = shape;
  return {
    dimensionOrder,
    sizeX: 10,
    sizeY: 10,
    sizeZ: planes,
    sizeC: channels * samples,
    sizeT: timepoints,
    physicalSizeX: undefined,
    physicalSizeY: undefined,
    physicalSizeZ: undefined,
    channels: Array.from({ length: channels }, () => ({ name: undefined, samplesPerPixel: samples })),
    tiffData,
    positions: [],
    notes: [],
  };
}

function block(first: PlaneIndex, ifd: number, planeCount: number): OmeTiffData {
  return { firstZ: first.z, firstC: first.c, firstT: first.t, ifd, planeCount, fileName: undefined, uuid: undefined };
}

/** Every plane in the directory where the order says, by the slow, obvious way. */
function expectInOrder(shape: Shape, tiffData: readonly OmeTiffData[], directoryOf: (place: number) => number): void {
  const pixels = pixelsOf(shape, tiffData);
  expect(channelCount(pixels)).toBe(shape.channels);
  const order = planeOrder({ ...plainStack, ...shape });
  for (let c = 0; c < shape.channels; c++) {
    for (let t = 0; t < shape.timepoints; t++) {
      const found = locatePlanes(pixels, c, t).map((location) => location?.ifd);
      const expected = Array.from({ length: shape.planes }, (_, z) =>
        directoryOf(order.findIndex((plane) => plane.z === z && plane.c === c && plane.t === t)),
      );
      expect(found).toEqual(expected);
    }
  }
}

describe('locatePlanes', () => {
  it('should always follow DimensionOrder from the first directory of a block', () => {
    fc.assert(
      fc.property(arbitraryShape, fc.nat(5), fc.constantFrom('exact', 'unlimited'), (shape, ifd, count) => {
        const all = shape.planes * shape.channels * shape.timepoints;
        const planeCount = count === 'exact' ? all : Number.POSITIVE_INFINITY;
        expectInOrder(shape, [block({ z: 0, c: 0, t: 0 }, ifd, planeCount)], (place) => ifd + place);
      }),
    );
  });

  it('should always find planes wherever blocks of one put them, numbered from 0 or from 1', () => {
    fc.assert(
      fc.property(arbitraryShape, fc.boolean(), fc.nat(1000), (shape, fromOne, seed) => {
        const from = fromOne ? 1 : 0;
        const order = planeOrder({ ...plainStack, ...shape });
        const ifds = order.map((_, place) => (place * 7 + seed) % 1000);
        const blocks = order.map(({ z, c, t }, i) => block({ z: z + from, c: c + from, t: t + from }, ifds[i], 1));
        expectInOrder(shape, blocks, (place) => ifds[place]);
      }),
    );
  });

  it('should always find the same planes however the blocks are cut', () => {
    fc.assert(
      fc.property(arbitraryShape, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 }), (shape, lengths) => {
        const order = planeOrder({ ...plainStack, ...shape });
        const blocks: OmeTiffData[] = [];
        for (let at = 0, i = 0; at < order.length; i++) {
          const count = Math.min(lengths[i] ?? order.length, order.length - at);
          blocks.push(block(order[at], at, count));
          at += count;
        }
        expectInOrder(shape, blocks, (place) => place);
      }),
    );
  });

  it('should never invent a plane that no block has', () => {
    const shape = { dimensionOrder: 'XYZCT', planes: 3, channels: 1, timepoints: 1, samples: 1 };
    const located = locatePlanes(pixelsOf(shape, [block({ z: 0, c: 0, t: 0 }, 4, 2)]), 0, 0);
    expect(located.map((location) => location?.ifd)).toEqual([4, 5, undefined]);
    expect(locatePlanes(pixelsOf(shape, [block({ z: 0, c: 0, t: 0 }, 0, 0)]), 0, 0)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('should never loop or allocate over absurd counts', () => {
    const shape = { dimensionOrder: 'XYZCT', planes: 2, channels: 1, timepoints: 1, samples: 1 };
    const located = locatePlanes(pixelsOf(shape, [block({ z: 0, c: 0, t: 0 }, 0, 2 ** 52)]), 0, 0);
    expect(located.map((location) => location?.ifd)).toEqual([0, 1]);
  });
});
