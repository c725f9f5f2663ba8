import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestSeries, orderPlanes } from '../../../src/formats/plane-files/plane-order.js';

const shuffled = (count: number) =>
  fc.shuffledSubarray(
    Array.from({ length: count }, (_, i) => i),
    { minLength: count },
  );

describe('orderPlanes', () => {
  it('should always count as people do, padded with zeros or not, whatever the order given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 120 }).chain(shuffled), fc.boolean(), (order, padded) => {
        const name = (z: number) => `run 3/slide12_z${padded ? String(z).padStart(3, '0') : z}.tif`;
        const { files, zUm } = orderPlanes(order.map(name));
        expect(files).toEqual(order.map((_, z) => name(z)));
        expect(zUm).toBeUndefined();
      }),
    );
  });

  it('should always order by heights in the names, with their sign', () => {
    const units = fc.constantFrom('um', 'µm', 'μm', ' um', 'UM');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -400, max: 400 }), { minLength: 2, maxLength: 20 }),
        units,
        (tenths, unit) => {
          const heights = tenths.map((value) => value / 10);
          const { files, zUm } = orderPlanes(heights.map((z) => `s1_${z > 0 ? '+' : ''}${z}${unit}.tif`));
          const sorted = [...heights].sort((a, b) => a - b);
          expect(zUm).toEqual(sorted);
          expect(files).toEqual(sorted.map((z) => `s1_${z > 0 ? '+' : ''}${z}${unit}.tif`));
        },
      ),
    );
  });

  it('should never take what is no height for one', () => {
    expect(orderPlanes(['a1umbra.tif', 'a2umbra.tif']).zUm).toBeUndefined();
    // One height for all says nothing of z.
    expect(orderPlanes(['px0.25um_z1.tif', 'px0.25um_z2.tif'])).toEqual({
      files: ['px0.25um_z1.tif', 'px0.25um_z2.tif'],
      zUm: undefined,
    });
    expect(orderPlanes(['z-1um.tif', 'z2.tif']).zUm).toBeUndefined();
  });
});

describe('largestSeries', () => {
  it('should always find the planes among other pictures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }).chain(shuffled), (order) => {
        const series = order.map((z) => `z${z}.png`);
        const found = largestSeries([...series, 'overview.png', 'label.png', 'other_1.tif'].sort());
        expect(found).toEqual([...order].sort((a, b) => a - b).map((z) => `z${z}.png`));
      }),
    );
  });

  it('should always keep heights of one series together, with sign and without', () => {
    const names = ['s_-1.5um.png', 's_0um.png', 's_+1.5um.png'];
    expect(new Set(largestSeries(names))).toEqual(new Set(names));
    expect(largestSeries([])).toEqual([]);
  });
});
