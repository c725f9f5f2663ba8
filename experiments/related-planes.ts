// Planes in files of their own: how alike are those of one field, and how alike are pictures that have nothing to do with each other?
import { join } from 'node:path';
import sharp from 'sharp';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { cropRaster, type Luma, type Raster } from '../src/slide/raster.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import {
  countingPlanes,
  leastLikeness,
  likenessOf,
  type Sketch,
  sketchOf,
  sketchOfParts,
  unrelatedPair,
} from '../src/slide-source/related-planes.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, quantile, table } from './harness/experiment.js';
import { seeded } from './harness/fixtures/pictures.js';
import { sharedStacks } from './harness/slides/shared-stacks.js';
import { sharedData } from './harness/slides/slides.js';

const tissue = ['high-nuclei-score-level0.png', 'medium-nuclei-score-level0.png', 'tiatoolbox_target_image.png'];
/** Standard deviations of noise on glass, in grey values of 8 bits; blurred by so many pixels. */
const glass = [2, 5, 10, 20].flatMap((noise) => [0, 1].map((spread) => ({ noise, spread })));

type Related = {
  readonly stack: string;
  readonly planes: number;
  readonly counting: number;
  /** Least of neighbours, of planes two apart, and of the first and the last. */
  readonly neighbours: number;
  readonly twoApart: number;
  readonly ends: number;
  readonly refused: boolean;
  /** CPU time of reading, decoding and comparing, once planes are retiled; and of opening and planning the whole. */
  readonly msAPlane: number;
};

type Unrelated = {
  readonly kind: string;
  readonly pairs: number;
  readonly counting: number;
  readonly likeness: readonly number[];
};

export const relatedPlanes: Experiment = {
  question: 'How alike are planes of one field, and pictures that have nothing to do with each other?',
  async run({ quick, each }) {
    // The other CZI files show patterns of a simulated camera, another in each plane.
    const stacks = (await sharedStacks()).filter(({ name }) => /zstack|gravel|4D-series|CellDivision/.test(name));
    const related = await each(
      quick ? stacks.slice(0, 1) : stacks,
      { name: ({ name }) => name },
      async ({ name, input }) => relatedOf(name, input),
    );
    const strangers = [...(await betweenStacks(quick)), ...(await withinPictures())];
    const empty = await onGlass();
    const found = related.filter((row) => row !== undefined);
    return {
      slides: [...found.map(({ stack }) => stack), ...tissue],
      seeds: 1,
      settings: { leastLikeness },
      data: { related: found, strangers, empty },
      text: describe(found, strangers, empty),
      pictures: {
        'related-planes': svgFile(
          barChart({
            title: `Likeness: least of neighbours, most of strangers; ${leastLikeness} is asked for`,
            series: ['likeness'],
            most: 1,
            bars: [
              ...found.map(({ stack, neighbours }) => ({
                name: stack.replace(/^.*\//, '').slice(0, 24),
                values: [neighbours],
              })),
              ...strangers.map(({ kind, likeness }) => ({ name: kind, values: [Math.max(...likeness)] })),
            ],
          }),
          relatedPlanes.question,
        ),
      },
    };
  },
};

async function relatedOf(stack: string, input: string): Promise<Related | undefined> {
  const source = await openSlide(input, { unrelated: true });
  try {
    const { planes, encoding } = source.info;
    if (planes.length < 2) return undefined;
    // The first time, planes without tiles are retiled.
    for (const { plane } of planes) await sketchOf(source, plane);
    const before = process.cpuUsage();
    const sketches: Sketch[] = [];
    for (const { plane } of planes) {
      const sketch = await sketchOf(source, plane);
      if (!sketch) return undefined;
      sketches.push(sketch);
    }
    const eightBit = encoding.sample.endsWith('8');
    const refused = unrelatedPair(sketches, eightBit) !== undefined;
    const { user, system } = process.cpuUsage(before);
    const apart = (by: number) => sketches.slice(by).map((sketch, i) => likenessOf(sketches[i], sketch));
    return {
      stack,
      planes: planes.length,
      counting: countingPlanes(sketches, eightBit).length,
      neighbours: Math.min(...apart(1)),
      twoApart: Math.min(...apart(Math.min(2, planes.length - 1))),
      ends: apart(planes.length - 1)[0],
      refused,
      msAPlane: (user + system) / 1000 / planes.length,
    };
  } finally {
    await source.close();
  }
}

/** Planes of one stack beside planes of another, at one size. */
async function betweenStacks(quick: boolean): Promise<Unrelated[]> {
  const files = [
    'amber-zstack/amber_z0?.jpg',
    'organoid-zstack/organoid_z0?.tif',
    'parts-zstack/parts_z0?.png',
    'pcb-zstack/pcb_00?.jpg',
  ];
  const planes: Sketch[][] = [];
  for (const pattern of files) {
    const some = [1, 4, 7].map((n) => join(sharedData, pattern.replace('?', String(n))));
    planes.push(
      await Promise.all(
        some.slice(0, quick ? 1 : 3).map(async (file) => sketched(await luma(file, { width: 512, height: 384 }))),
      ),
    );
  }
  const pairs = planes.flatMap((a, i) =>
    planes.slice(i + 1).flatMap((b) => a.flatMap((x) => b.map((y) => [x, y] as const))),
  );
  return [unrelatedOf('other stacks', pairs)];
}

/** Parts of one picture that do not overlap: one stain, one instrument, one illumination. */
async function withinPictures(): Promise<Unrelated[]> {
  const found: Unrelated[] = [];
  for (const [kind, file] of [
    ['amber, quarters', 'amber-zstack/amber_z04.jpg'],
    ['organoids, quarters', 'organoid-zstack/organoid_z05.tif'],
    ['parts, quarters', 'parts-zstack/parts_z07.png'],
    ['board, quarters', 'pcb-zstack/pcb_004.jpg'],
  ] as const) {
    found.push(unrelatedOf(kind, pairsOf(partsOf(await luma(join(sharedData, file)), 2))));
  }
  for (const file of tissue) {
    const whole = await luma(join(sharedData, 'tissue', file));
    found.push(unrelatedOf(`${file.slice(0, 12)}, ninths`, pairsOf(partsOf(whole, 3))));
  }
  // Tiles of level 0 in cells of 16 pixels, as where a slide has no pyramid: those of one picture against those of another.
  const pictures = await Promise.all(tissue.map((file) => luma(join(sharedData, 'tissue', file))));
  const tiled = pictures.map((picture) =>
    sketched(...Array.from({ length: 16 }, (_, i) => part(picture, 256, (i % 4) / 3, Math.floor(i / 4) / 3))),
  );
  found.push(unrelatedOf('H&E, sampled', pairsOf(tiled)));
  return found;
}

/** Planes of glass and noise alone: how many pairs of them are refused. */
async function onGlass() {
  const size = { width: 512, height: 384 };
  return Promise.all(
    glass.map(async ({ noise, spread }) => {
      const planes = await Promise.all(
        Array.from({ length: 12 }, async (_, seed) => {
          const random = seeded(100 * noise + seed);
          const normal = () => random() + random() + random() + random() - 2;
          // Blurring leaves less of noise: it is made up for, so that what is left has the deviation asked for.
          const data = Uint8Array.from(
            { length: size.width * size.height },
            () => 128 + normal() * noise * 1.73 * (spread ? 3 : 1),
          );
          const raw = sharp(data, { raw: { ...size, channels: 1 } });
          const pixels = await (spread ? raw.blur(1) : raw).toColourspace('b-w').raw().toBuffer();
          return sketched({ ...size, data: new Uint8Array(pixels) });
        }),
      );
      const pairs = pairsOf(planes);
      return {
        noise,
        spread,
        pairs: pairs.length,
        refused: pairs.filter(([a, b]) => unrelatedPair([a, b], true)).length,
      };
    }),
  );
}

function unrelatedOf(kind: string, pairs: readonly (readonly [Sketch, Sketch])[]): Unrelated {
  return {
    kind,
    pairs: pairs.length,
    counting: pairs.filter((pair) => countingPlanes(pair, true).length === 2).length,
    likeness: pairs.map(([a, b]) => likenessOf(a, b)),
  };
}

function pairsOf(sketches: readonly Sketch[]): [Sketch, Sketch][] {
  return sketches.flatMap((a, i) => sketches.slice(i + 1).map((b): [Sketch, Sketch] => [a, b]));
}

function sketched(...parts: Luma[]): Sketch {
  const sketch = sketchOfParts(parts);
  if (!sketch) throw new RangeError('the picture is too small to be compared');
  return sketch;
}

async function luma(file: string, size?: { width: number; height: number }): Promise<Luma> {
  const picture = sharp(file).removeAlpha().greyscale();
  const sized = size ? picture.resize({ ...size, fit: 'fill' }) : picture;
  const { data, info } = await sized.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

function partsOf(picture: Luma, along: number): Sketch[] {
  const [width, height] = [Math.floor(picture.width / along), Math.floor(picture.height / along)];
  return Array.from({ length: along * along }, (_, i) => {
    const rect = { x: (i % along) * width, y: Math.floor(i / along) * height, width, height };
    return sketched(cropRaster(asRaster(picture), rect) as Luma);
  });
}

/** A square part, its place given from 0 to 1 each way. */
function part(picture: Luma, side: number, x: number, y: number): Luma {
  const rect = {
    x: Math.floor(x * (picture.width - side)),
    y: Math.floor(y * (picture.height - side)),
    width: side,
    height: side,
  };
  return cropRaster(asRaster(picture), rect) as Luma;
}

function asRaster(picture: Luma): Raster {
  return { ...picture, channels: 1, sample: 'uint8' };
}

function describe(
  related: readonly Related[],
  strangers: readonly Unrelated[],
  empty: Awaited<ReturnType<typeof onGlass>>,
): string {
  const two = (value: number) => value.toFixed(2);
  const most = Math.max(...strangers.flatMap(({ likeness }) => likeness));
  const least = Math.min(...related.map(({ neighbours }) => neighbours));
  return [
    `Neighbours are alike by ${two(least)} at least, pictures that have nothing to do with each other by ${two(most)} at most; ${leastLikeness} is asked for.`,
    '',
    table(
      [
        'stack',
        'planes',
        'with structure',
        'neighbours, least',
        'two apart, least',
        'first and last',
        'refused',
        'ms CPU a plane',
      ],
      related.map((row) => [
        row.stack,
        row.planes,
        row.counting,
        two(row.neighbours),
        two(row.twoApart),
        two(row.ends),
        row.refused ? 'yes' : 'no',
        row.msAPlane.toFixed(1),
      ]),
    ),
    '',
    table(
      ['unrelated', 'pairs', 'with structure', 'median', '95 %', 'most'],
      strangers.map(({ kind, pairs, counting, likeness }) => [
        kind,
        pairs,
        counting,
        two(quantile(likeness, 0.5)),
        two(quantile(likeness, 0.95)),
        two(Math.max(...likeness)),
      ]),
    ),
    '',
    table(
      ['glass: noise', 'spread over pixels', 'pairs', 'refused'],
      empty.map(({ noise, spread, pairs, refused }) => [noise, spread ? 'yes' : 'no', pairs, refused]),
    ),
  ].join('\n');
}
