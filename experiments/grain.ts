// What a plane for every block of 16 pixels gains over a plane for every tile: PSNR against the picture with everything in focus,
// tiles that mix, bytes, focus. Opaque clumps (as pasted together by defocus of a depth map) and translucent ones (zflat synth).
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { synthesizeSlide } from '../src/api/synthesize-slide.js';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { type FlattenResult, flattenSlide } from '../src/flatten-slide.js';
import type { PlanGrain } from '../src/planner/contract/plan-options.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, percent, table } from './harness/experiment.js';
import { cachedFile } from './harness/record/cached.js';
import { fuseByEnfuse } from './harness/record/enfuse.js';
import { makeOpaqueStack, type OpaqueStack } from './harness/slides/opaque-stack.js';
import { sharedData } from './harness/slides/slides.js';

sharp.cache(false);

const side = 2048;

type Case = { readonly name: string; readonly make: () => Promise<{ readonly slide: string; readonly truth: string }> };

const texture = (name: string) => join(sharedData, 'tissue', name);
const ihc = texture('tiatoolbox_target_image.png');
const nuclei = texture('high-nuclei-score-level0.png');

function opaque(name: string, stack: OpaqueStack): Case {
  return {
    name: `${name} (opaque)`,
    make: async () => {
      const slide = await cachedFile(`grain/${name}`, (folder) => makeOpaqueStack(folder, stack));
      return { slide: `${slide}/z*.tif`, truth: join(slide, 'truth.png') };
    },
  };
}

function translucent(name: string, options: Parameters<typeof synthesizeSlide>[1]): Case {
  return {
    name: `${name} (translucent)`,
    make: async () => {
      const folder = await cachedFile(`grain/${name}-translucent`, async (partial) => {
        mkdirSync(partial, { recursive: true });
        const size = { width: side, height: side, sharp: join(partial, 'sharp.ome.tiff'), force: true };
        await synthesizeSlide(join(partial, 'stack.ome.tiff'), { ...size, ...options });
      });
      return { slide: join(folder, 'stack.ome.tiff'), truth: join(folder, 'sharp.ome.tiff') };
    },
  };
}

const cases: readonly Case[] = [
  opaque('gravel-5', { terrain: 'gravel', side, planes: 5, texture: ihc, noise: 1.2, seed: 1 }),
  opaque('gravel-7', { terrain: 'gravel', side, planes: 7, texture: nuclei, noise: 1.2, seed: 2 }),
  opaque('step-5', { terrain: 'step', side, planes: 5, texture: ihc, noise: 1.2, seed: 3 }),
  opaque('island-7', { terrain: 'island', side, planes: 7, texture: ihc, noise: 1.2, seed: 4 }),
  opaque('noisy-7', { terrain: 'gravel', side, planes: 7, texture: ihc, noise: 5, seed: 5 }),
  opaque('flat-7', { terrain: 'flat', side, planes: 7, texture: ihc, noise: 1.2, seed: 6 }),
  translucent('gravel-5', { terrain: 'gravel', planeCount: 5, clumpDensity: 2, seed: 11 }),
  translucent('gravel-7', { terrain: 'gravel', planeCount: 7, clumpDensity: 2, seed: 12 }),
  translucent('step-5', { terrain: 'step', planeCount: 5, seed: 17 }),
  translucent('island-7', { terrain: 'island', planeCount: 7, seed: 18 }),
  translucent('noisy-7', { terrain: 'mixed', planeCount: 7, noise: 5, seed: 20 }),
  translucent('flat-7', { terrain: 'flat', planeCount: 7, seed: 14 }),
];

type Row = {
  readonly name: string;
  readonly tile: number;
  readonly block: number;
  /** Pixel-level fusion by enfuse; NaN where it is not installed. */
  readonly fused: number;
  /** Its time, without making its input, over that of a flatten by block. */
  readonly fusedTimes: number;
  readonly mixed: number;
  readonly bytes: number;
  readonly focus: number;
  readonly cost: number;
};

export const grain: Experiment = {
  question: 'What do planes chosen by block gain over planes chosen by tile?',
  async run({ quick, each }) {
    const folder = mkdtempSync(join(tmpdir(), 'zflat-grain-'));
    let rows: Row[];
    try {
      const known = (quick ? [cases[0], cases[8]] : cases).filter(
        ({ name }) => !name.includes('opaque') || existsSync(ihc),
      );
      rows = await each(known, { name: ({ name }) => name }, async ({ name, make }) => {
        const { slide, truth } = await make();
        return measure(name, slide, truth, folder);
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const text = table(
      [
        'slide',
        'tile, dB',
        'block, dB',
        'gain, dB',
        'enfuse, dB',
        'enfuse, times as long',
        'tiles mixed, %',
        'bytes, %',
      ],
      rows.map(({ name, tile, block, fused, fusedTimes, mixed, bytes }) => [
        name,
        tile.toFixed(2),
        block.toFixed(2),
        `${block >= tile ? '+' : ''}${(block - tile).toFixed(2)}`,
        fused.toFixed(2),
        fusedTimes.toFixed(0),
        percent(mixed),
        `${bytes >= 1 ? '+' : ''}${percent(bytes - 1)}`,
      ]),
    );
    const bars = rows.map(({ name, tile, block }) => ({ name, values: [Math.max(0, block - tile)] }));
    return {
      slides: rows.map(({ name }) => name),
      seeds: 0,
      settings: { side },
      data: rows,
      text,
      pictures: {
        grain: svgFile(barChart({ title: 'PSNR gained by block, dB', series: ['gain'], bars }), 'PSNR gained by block'),
      },
    };
  },
};

async function measure(name: string, slide: string, truth: string, folder: string): Promise<Row> {
  const expected = await pixelsOf(truth);
  const flat = async (grain: PlanGrain) => {
    const output = join(folder, `${grain}.ome.tiff`);
    const start = performance.now();
    const result: FlattenResult = await flattenSlide(slide, output, { grain, force: true });
    const elapsed = performance.now() - start;
    return { report: result.report, psnr: psnr(await pixelsOf(output), expected), elapsed };
  };
  const [tile, block] = [await flat('tile'), await flat('block')];
  const { plan } = block.report;
  const fused = await fuse(slide, plan.planes, folder, expected);
  return {
    name,
    tile: tile.psnr,
    block: block.psnr,
    fused: fused?.psnr ?? Number.NaN,
    fusedTimes: fused ? fused.elapsed / block.elapsed : Number.NaN,
    mixed: (plan.blocks?.tilesMixed ?? 0) / plan.tiles,
    bytes: (block.report.output?.bytes ?? 0) / (tile.report.output?.bytes ?? 1),
    focus: plan.blocks?.gain ?? 1,
    cost: plan.cost,
  };
}

/** Fuses the planes pixel by pixel; undefined where enfuse is not installed. */
async function fuse(slide: string, planes: number, folder: string, expected: Buffer) {
  const files: string[] = [];
  for (let plane = 0; plane < planes; plane++) {
    const file = join(folder, `plane-${plane}.tif`);
    const input = slide.endsWith('z*.tif') ? slide.replace('*', String(plane)) : slide;
    await sharp(input, { page: slide === input ? plane : 0, limitInputPixels: false })
      .tiff({ compression: 'none' })
      .toFile(file);
    files.push(file);
  }
  const output = join(folder, 'fused.tif');
  const elapsed = fuseByEnfuse(files, output);
  return elapsed === undefined ? undefined : { elapsed, psnr: psnr(await pixelsOf(output), expected) };
}

function pixelsOf(path: string): Promise<Buffer> {
  return sharp(path, { limitInputPixels: false }).removeAlpha().toColourspace('srgb').raw().toBuffer();
}

function psnr(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} samples against ${b.length}`);
  let error = 0;
  for (let i = 0; i < a.length; i++) error += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255 * a.length) / error);
}
