// Planes that drift: what would it do to move them by whole blocks, or not to mix them, against doing nothing?
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jpegTurbo from '@julusian/jpeg-turbo';
import { planSlide } from '../src/api/plan-slide.js';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { coefficientMeasures } from '../src/focus/focus-measure.js';
import { blockFocus } from '../src/jpeg/block-focus.js';
import { parseJpegHeader } from '../src/jpeg/header.js';
import type { BlockStack } from '../src/planner/blocks/ask-blocks.js';
import { blockNoise } from '../src/planner/blocks/block-noise.js';
import { chooseBlocks, totalOf } from '../src/planner/blocks/choose-blocks.js';
import { DriftGauge, mostDrift } from '../src/planner/blocks/drift-gauge.js';
import { blockSize } from '../src/slide/depth-map.js';
import type { Luma } from '../src/slide/raster.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { barChart } from './harness/draw/bar-chart.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, mean, percent, table } from './harness/experiment.js';
import { type Drift, driftAt, driftsOf, noDrift } from './harness/record/estimate-drift.js';
import { composeLuma, relativeExcess, type SeamSteps, seamSteps, shiftedLuma } from './harness/record/seam-steps.js';
import { type ExperimentSlide, sharedData, slideFile, slides, slideWeight } from './harness/slides/slides.js';
import { wholeLuma } from './harness/slides/whole-luma.js';

/** Blocks along a side of a tile of 256 pixels. */
const tileBlocks = 16;
const quality = 92;
const shifts = [0, 1, 2, 4, 8];
/** Slides whose planes lie over each other, or do not, as their drift is gauged by zflat itself. */
const gauged = ['gravel', 'gravel-tissue', 'another-gravel', 'step', 'noisy', 'organoids-256', 'boards-256'];
const moved = ['gravel', 'another-gravel'];

type Variant = {
  readonly name: string;
  readonly drift: number;
  /** Mean distance of blocks from where the middle plane has them, in pixels. */
  readonly left: number;
  /** Focus of the blocks shown, over that of the best single plane of each tile. */
  readonly focus: number;
  readonly steps: SeamSteps;
};

export const registration: Experiment = {
  question: 'Planes that drift: what would moving them by whole blocks do, or not mixing them, against nothing?',
  async run({ quick, each }) {
    const named = (names: readonly string[]) =>
      slides.filter(({ name }) => names.slice(0, quick ? 1 : undefined).includes(name));
    const name = (slide: ExperimentSlide) => slide.name;
    const gauges = await each(named(gauged), { name, weight: slideWeight }, async (slide) => {
      const file = await slideFile(slide);
      if (file === undefined) return undefined;
      const source = await openSlide(file);
      const drift = (await planSlide(source, { grain: 'block' })).blocks?.drift ?? Number.NaN;
      await source.close();
      return { slide: slide.name, drift };
    });
    const apart = await each(named(moved), { name, weight: slideWeight }, async (slide) => {
      const file = await slideFile(slide);
      return file === undefined ? undefined : movedApart(slide.name, file);
    });
    const drifting = apart.flat();
    const { planes, drifts, variants } = await boards();
    return {
      slides: [...gauged, 'pcb-zstack'],
      seeds: 0,
      settings: { quality, mostDrift, shifts },
      data: { gauges, drifting, drifts, variants },
      text: describe(gauges, drifting, planes, drifts, variants),
      pictures: {
        registration: svgFile(
          panels(
            [
              barChart({
                title: 'Step at plane changes above that of the planes, % (boards)',
                series: ['excess'],
                bars: variants.map(({ name, steps }) => ({ name, values: [100 * Math.max(0, relativeExcess(steps))] })),
              }),
              barChart({
                title: `Gauge of drift; above ${mostDrift} planes are not mixed`,
                series: ['gauge'],
                bars: [
                  ...gauges.map(({ slide, drift }) => ({ name: slide, values: [drift] })),
                  ...drifting.map(({ slide, shift, drift }) => ({ name: `${slide} + ${shift} px`, values: [drift] })),
                ],
              }),
            ],
            2,
          ),
          registration.question,
        ),
      },
    };
  },
};

/** A registered slide whose planes are moved to the right by so many pixels each: what the gauge and the seams say. */
async function movedApart(slide: string, file: string) {
  const source = await openSlide(file);
  const [level] = source.info.levels;
  const planes: Luma[] = [];
  for (const { plane } of source.info.planes) planes.push(await wholeLuma(source, level, plane));
  await source.close();
  return shifts.map((shift) => {
    const stack = planes.map((luma, plane) => shiftedLuma(luma, shift * plane, 0));
    const { chosen, columns, drift } = mixed(stack);
    const steps = seamSteps(composeLuma(stack, chosen, columns), stack, chosen, columns, undefined);
    return { slide, shift, drift, excess: relativeExcess(steps), rough: steps.rough };
  });
}

/** The circuit board, with its planes left alone, moved, or not mixed. */
async function boards() {
  const folder = join(sharedData, 'pcb-zstack');
  if (!existsSync(folder)) throw new Error(`${folder} is missing`);
  const planes: Luma[] = [];
  for (let plane = 1; plane <= 7; plane++) {
    const bytes = await readFile(join(folder, `pcb_00${plane}.jpg`));
    const { width, height, data } = jpegTurbo.decompressSync(bytes, { format: jpegTurbo.FORMAT_GRAY });
    planes.push({ width, height, data: new Uint8Array(data) });
  }
  const drifts = driftsOf(planes);
  const whole = (pixels: number) => blockSize * Math.round(pixels / blockSize);
  const moves: Record<string, (plane: number, x: number, y: number) => { x: number; y: number }> = {
    nothing: () => ({ x: 0, y: 0 }),
    'planes by whole blocks': (plane) => ({ x: whole(drifts[plane].right), y: whole(drifts[plane].down) }),
    'each block by whole blocks': (plane, x, y) => {
      const { x: right, y: down } = driftAt(drifts[plane], planes[plane], blockCentre(x), blockCentre(y));
      return { x: whole(right), y: whole(down) };
    },
    'each pixel by whole pixels': (plane, x, y) => {
      const { x: right, y: down } = driftAt(drifts[plane], planes[plane], x, y);
      return { x: Math.round(right), y: Math.round(down) };
    },
  };
  const variants: Variant[] = [];
  for (const [name, move] of Object.entries(moves)) {
    const stack = planes.map((luma, plane) => movedLuma(luma, (x, y) => move(plane, x, y)));
    const { chosen, single, columns, drift, focus } = mixed(stack);
    const left = distanceLeft(planes, drifts, move);
    const seams = (blocks: Uint8Array) =>
      seamSteps(composeLuma(stack, blocks, columns), stack, blocks, columns, undefined);
    if (name === 'nothing')
      variants.push({ name: 'refused: a plane a tile', drift, left, focus: 1, steps: seams(single) });
    variants.push({ name: `blocks, moved: ${name}`, drift, left, focus, steps: seams(chosen) });
  }
  return { planes: planes.length, drifts, variants };
}

function blockCentre(pixel: number): number {
  return blockSize * Math.floor(pixel / blockSize) + blockSize / 2;
}

/** Every pixel taken from where it lies. */
function movedLuma({ width, height, data }: Luma, move: (x: number, y: number) => { x: number; y: number }): Luma {
  const result = new Uint8Array(data.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const by = move(x, y);
      const [column, row] = [Math.min(width - 1, Math.max(0, x + by.x)), Math.min(height - 1, Math.max(0, y + by.y))];
      result[at] = data[row * width + column];
    }
  }
  return { width, height, data: result };
}

function distanceLeft(
  planes: readonly Luma[],
  drifts: readonly Drift[],
  move: (plane: number, x: number, y: number) => { x: number; y: number },
): number {
  const distances: number[] = [];
  for (const [plane, luma] of planes.entries()) {
    for (let y = blockSize / 2; y < luma.height; y += blockSize) {
      for (let x = blockSize / 2; x < luma.width; x += blockSize) {
        const is = driftAt(drifts[plane] ?? noDrift, luma, x, y);
        const by = move(plane, x, y);
        distances.push(Math.hypot(is.x - by.x, is.y - by.y));
      }
    }
  }
  return mean(distances);
}

/** Planes chosen for every block by zflat's own choice, tile by tile, all planes in play; the best single plane of each tile beside. */
function mixed(stack: readonly Luma[]) {
  const focuses = stack.map(({ width, height, data }) => {
    const options = { width, height, format: jpegTurbo.FORMAT_GRAY, subsampling: jpegTurbo.SAMP_GRAY, quality };
    const bytes = jpegTurbo.compressSync(Buffer.from(data.buffer, data.byteOffset, data.length), options);
    return blockFocus(bytes, parseJpegHeader(bytes), coefficientMeasures['dct-mid']);
  });
  const [{ columns, rows }] = focuses;
  const noise = blockNoise([{ scores: focuses.map(({ scores }) => Float64Array.from(scores)) }], 1);
  const chosen = new Uint8Array(columns * rows);
  const single = new Uint8Array(columns * rows);
  const gauge = new DriftGauge();
  let focusChosen = 0;
  let focusSingle = 0;
  for (let top = 0; top < rows; top += tileBlocks) {
    for (let left = 0; left < columns; left += tileBlocks) {
      const across = Math.min(tileBlocks, columns - left);
      const down = Math.min(tileBlocks, rows - top);
      const placeOf = (block: number) => (top + Math.floor(block / across)) * columns + left + (block % across);
      const cut = (numbers: Float32Array) =>
        Float64Array.from({ length: across * down }, (_, i) => numbers[placeOf(i)]);
      const tile: BlockStack = {
        columns: across,
        rows: down,
        planes: stack.map((_, plane) => plane),
        scores: focuses.map(({ scores }) => cut(scores)),
        luma: focuses.map(({ luma }) => cut(luma)),
      };
      gauge.add(tile);
      const sums = tile.scores.map(totalOf);
      const best = sums.indexOf(Math.max(...sums));
      focusSingle += sums[best];
      const planes = chooseBlocks(tile, noise);
      for (let block = 0; block < planes.length; block++) {
        chosen[placeOf(block)] = planes[block];
        single[placeOf(block)] = best;
        focusChosen += tile.scores[planes[block]][block];
      }
    }
  }
  return { chosen, single, columns, drift: gauge.drift, focus: focusChosen / focusSingle };
}

function describe(
  gauges: readonly { slide: string; drift: number }[],
  drifting: readonly { slide: string; shift: number; drift: number; excess: number; rough: number }[],
  planes: number,
  drifts: readonly Drift[],
  variants: readonly Variant[],
): string {
  return [
    `The circuit board (${planes} photographs) is moved and scaled from plane to plane. Against the plane in the middle, in pixels:\n`,
    table(
      ['plane', 'right', 'down', 'at the corner farthest off'],
      drifts.map(({ right, down, scale }, plane) => {
        const corner = Math.hypot(Math.abs(right) + Math.abs(scale) * 1024, Math.abs(down) + Math.abs(scale) * 768);
        return [plane, right.toFixed(1), down.toFixed(1), corner.toFixed(1)];
      }),
    ),
    '\nIts planes mixed by zflat’s own choice of blocks, after having been moved; luminance alone, encoded anew where moved. Left: mean',
    'distance of blocks from where the middle plane has them. Focus: of the blocks shown, over the best single plane of each tile.\n',
    table(
      ['what is done', 'drift gauged', 'left, px', 'focus', 'edges', 'step', 'of the planes', 'excess, %', 'rough, %'],
      variants.map(({ name, drift, left, focus, steps }) => [
        name,
        drift.toFixed(2),
        left.toFixed(1),
        focus.toFixed(3),
        steps.edges,
        steps.result.toFixed(2),
        steps.planes.toFixed(2),
        percent(relativeExcess(steps)),
        percent(steps.rough, 2),
      ]),
    ),
    `\nThe gauge as flatten has it (above ${mostDrift} it does not mix)\n`,
    table(
      ['slide', 'drift gauged'],
      gauges.map(({ slide, drift }) => [slide, drift.toFixed(2)]),
    ),
    '\nSlides that lie over each other, each plane moved to the right by some pixels against the one below\n',
    table(
      ['slide', 'moved, px a plane', 'drift gauged', 'excess, %', 'rough, %'],
      drifting.map(({ slide, shift, drift, excess, rough }) => [
        slide,
        shift,
        drift.toFixed(2),
        percent(excess),
        percent(rough, 2),
      ]),
    ),
  ].join('\n');
}
