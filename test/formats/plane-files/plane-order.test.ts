import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSeries } from '../../../src/formats/plane-files/name-series.js';
import { orderPlanes } from '../../../src/formats/plane-files/plane-order.js';

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
    expect(orderPlanes(['px0.25um_z1.tif', 'px0.25um_z2.tif'])).toMatchObject({
      files: ['px0.25um_z1.tif', 'px0.25um_z2.tif'],
      zUm: undefined,
    });
    expect(orderPlanes(['z-1um.tif', 'z2.tif']).zUm).toBeUndefined();
  });
});

/** What every order of the same names is understood as: the names in their order, their heights, and what is said. */
function understood(names: readonly string[], choices = {}) {
  const results = [names, [...names].reverse(), [...names].sort()].map((given) => orderPlanes(given, choices));
  for (const result of results) expect(result).toEqual(results[0]);
  return results[0];
}

const refusal = (names: readonly string[], choices = {}): unknown => {
  try {
    orderPlanes(names, choices);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('names of planes', () => {
  it.each([
    ['a sign that not all have', ['slide_z-2.tif', 'slide_z-1.tif', 'slide_z0.tif', 'slide_z1.tif']],
    ['a sign and no mark', ['stack_-1.tif', 'stack_0.tif', 'stack_1.tif']],
    ['plus and minus', ['z-1.tif', 'z0.tif', 'z+1.tif']],
    ['a minus sign proper', ['f\u22122.tif', 'f\u22121.tif', 'f0.tif']],
    ['a hyphen that separates', ['stack-1.tif', 'stack-2.tif', 'stack-10.tif']],
    ['a hyphen after a mark in every name', ['slide_z-1.tif', 'slide_z-2.tif', 'slide_z-3.tif']],
    ['a hyphen after another separator', ['s_-2.tif', 's_-1.tif']],
    ['dates', ['2024-05-06_z1.tif', '2024-05-06_z2.tif']],
    ['a date and time in each', ['2024-05-06_120000_z1.tif', '2024-05-06_120007_z2.tif']],
    ['other extensions of one kind', ['z0.tif', 'z1.TIFF', 'z2.ome.tif']],
    ['pictures of several kinds', ['z0.png', 'z1.jpg', 'z2.png']],
    ['z before another counter', ['focus1_img0007.tif', 'focus2_img0009.tif', 'focus3_img0008.tif']],
    ['two counters that rise together', ['img01_120.tif', 'img02_125.tif', 'img03_131.tif']],
    ['folders', ['p1/image.tif', 'p2/image.tif', 'p10/image.tif']],
    ['case', ['Z1.tif', 'z2.tif']],
    ['decimals without unit', ['z0.0.tif', 'z0.5.tif', 'z1.0.tif']],
  ])('should always be in order by %s', (_, names) => {
    expect(understood(names)).toMatchObject({ files: names, zUm: undefined });
  });

  it.each([
    ['decimal commas', ['z0,0um.tif', 'z0,3um.tif', 'z0,6um.tif', 'z12,0um.tif'], [0, 0.3, 0.6, 12]],
    ['a hyphen that separates', ['stack-0.0um.tif', 'stack-0.5um.tif', 'stack-1.0um.tif'], [0, 0.5, 1]],
    ['a hyphen that separates, and no nought', ['stack-0.5um.tif', 'stack-1.0um.tif'], [0.5, 1]],
    ['a hyphen after another separator', ['s_-3um.tif', 's_-1.5um.tif'], [-3, -1.5]],
    ['a sign that not all have', ['s-3um.tif', 's0um.tif', 's1.5um.tif'], [-3, 0, 1.5]],
    ['microns', ['z 1.5 microns.tif', 'z 3 microns.tif'], [1.5, 3]],
    ['units written in many ways', ['z0um.tif', 'z1\u00b5m.tif', 'z2 \u03bcm.tif', 'z3 microns.tif'], [0, 1, 2, 3]],
    ['an index beside them', ['z02_-1um.tif', 'z01_0um.tif', 'z00_1um.tif'], [-1, 0, 1]],
    ['decimals of any length', ['z1.9um.tif', 'z1.10um.tif', 'z2um.tif'], [1.1, 1.9, 2]],
  ])('should always give heights by %s', (_, names, zUm) => {
    expect(understood(names).zUm).toEqual(zUm);
  });

  it('should always say how they were understood', () => {
    const notes = (names: readonly string[]) => understood(names).notes;
    expect(notes(['p0.tif', 'p1.tif', 'p2.tif'])).toEqual(['planes p0.tif … p2.tif (3)']);
    expect(notes(['s-0.0um.tif', 's-0.5um.tif'])).toEqual([
      expect.stringMatching(/by the heights.*hyphen taken for a separator/),
    ]);
    expect(notes(['z-1.tif', 'z0.tif'])).toEqual([expect.stringMatching(/hyphen taken for a minus/)]);
    expect(notes(['z1_t5.tif', 'z2_t9.tif'])).toEqual([expect.stringMatching(/by the number after "z"/)]);
  });

  it('should always be those of one channel and timepoint, chosen or the first', () => {
    const names = [0, 1].flatMap((c) =>
      [0, 1, 2].map((z) => `img_channel00${c}_position000_time000000000_z00${z}.tif`),
    );
    const { files, notes, selection } = understood(names);
    expect(files).toEqual(names.slice(0, 3));
    expect(notes).toEqual([expect.stringMatching(/by the number after "z"/)]);
    expect(selection).toEqual({ channel: { index: 0, name: 'channel000', count: 2 } });
    expect(understood(names, { channel: 'channel001' }).files).toEqual(names.slice(3));
    const second = understood(names, { channel: 1 });
    expect([second.files, second.notes.length]).toEqual([names.slice(3), 1]);
    expect(refusal(names, { channel: 2 })).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/no channel 2/),
    });
    expect(refusal(names, { channel: 'DAPI' })).toMatchObject({ code: 'usage' });
    const times = ['z0_t0.tif', 'z0_t1.tif', 'z1_t0.tif', 'z1_t1.tif'];
    expect(understood(times, { timepoint: 1 }).files).toEqual(['z0_t1.tif', 'z1_t1.tif']);
  });

  it.each([
    ['wells', ['w1_z0.tif', 'w1_z1.tif', 'well2_z0.tif', 'well2_z1.tif'], /2 patterns of names/],
    [
      'numbered wells',
      ['well1_z0.tif', 'well1_z1.tif', 'well2_z0.tif', 'well2_z1.tif'],
      /"well" \(1, 2\).*"z" \(0, 1\).*2 stacks, well1_z\*\.tif, well2_z\*\.tif/,
    ],
    ['slides', ['slide1_focus1.tif', 'slide1_focus2.tif', 'slide2_focus1.tif', 'slide2_focus2.tif'], /2 stacks/],
    ['slides, a plane of each', ['slide1_z0.tif', 'slide2_z1.tif'], /2 stacks/],
    ['numbers without marks', ['1_1.tif', '1_2.tif', '2_1.tif', '2_2.tif'], /none is marked as z/],
    ['channels alone', ['img_c0.tif', 'img_c1.tif'], /no height/],
    ['timepoints alone', ['img_t0.tif', 'img_t1.tif'], /no height.*--timepoint-as-z/],
    ['stage positions', ['x0um.tif', 'x10um.tif'], /no height/],
    [
      'letters',
      ['a_z0.tif', 'a_z1.tif', 'b_z0.tif', 'b_z1.tif'],
      /2 patterns.*a_z0 … a_z1\.tif \(2\), b_z0 … b_z1\.tif \(2\)/,
    ],
    ['two kinds of file', ['z0.tif', 'z1.tif', 'z0.jpg', 'z1.jpg'], /2 patterns/],
    ['the same number twice', ['z1.tif', 'z01.tif', 'z2.tif'], /plane 1 by its name/],
    ['two heights that contradict', ['z0_focus1.tif', 'z1_focus3.tif', 'z2_focus2.tif'], /not of one order/],
    ['decimals or counters', ['z1.9.tif', 'z1.10.tif'], /decimals, or two counters/],
    ['a stranger among them', ['z0.tif', 'z1.tif', 'z2.tif', 'sharp.tif'], /2 patterns/],
  ])('should never be guessed: %s', (_, names, message) => {
    for (const given of [names, [...names].reverse()]) {
      expect(refusal(given)).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
    }
  });

  it('should only be timepoints where that is wanted', () => {
    expect(understood(['t0.tif', 't1.tif', 't10.tif'], { timepointAsZ: true }).files).toEqual([
      't0.tif',
      't1.tif',
      't10.tif',
    ]);
  });

  it('should always be in the order given where no number tells it, and it is said', () => {
    const names = ['top.tif', 'middle.tif', 'bottom.tif'];
    expect(orderPlanes(names)).toEqual({
      files: names,
      zUm: undefined,
      selection: {},
      notes: [expect.stringMatching(/in the order given/)],
    });
  });
});

describe('chooseSeries', () => {
  it('should always find the planes among other pictures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 30 }).chain(shuffled), (order) => {
        const series = order.map((z) => `z${z}.png`);
        const { series: found, leftOut } = chooseSeries('folder', [
          ...series,
          'overview.png',
          'label.png',
          'photo.tif',
        ]);
        expect(new Set(found)).toEqual(new Set(order.map((_, z) => `z${z}.png`)));
        expect(leftOut).toEqual(['overview.png', 'label.png', 'photo.tif']);
      }),
    );
  });

  it('should always keep heights of one series together, with sign and without', () => {
    const names = ['s_-1.5um.png', 's_0um.png', 's_+1.5um.png'];
    expect(new Set(chooseSeries('folder', names).series)).toEqual(new Set(names));
  });

  it('should always take the one picture beside labels', () => {
    expect(chooseSeries('folder', ['slide.ome.tif', 'label.png', 'macro.jpg']).series).toEqual(['slide.ome.tif']);
  });

  it.each([
    ['two series', ['a0.tif', 'a1.tif', 'a2.tif', 'b0.tif', 'b1.tif']],
    ['pictures without numbers', ['a.tif', 'b.tif']],
    ['a pair and a stranger', ['a1.tif', 'a2.tif', 'b1.tif']],
    ['signs in letters', ['zm2.tif', 'zm1.tif', 'z0.tif', 'zp1.tif']],
  ])('should never guess among %s', (_, names) => {
    expect(() => chooseSeries('folder', names)).toThrow(
      expect.objectContaining({ code: 'usage', place: { file: 'folder' } }),
    );
  });
});
