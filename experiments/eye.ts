// What the eye sees of a stack in its flattened picture: the share of the focus that blocks of 32 pixels keep, and of those that keep less
// than half of what lies between their worst and their best plane. Real stacks, as they are and cut into JPEG tiles; and stacks of known
// truth.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { html } from '../src/drawing/markup.js';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { flattenSlide } from '../src/flatten-slide.js';
import type { PlanGrain } from '../src/planner/contract/plan-options.js';
import type { Luma } from '../src/slide/raster.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { type Experiment, percent, table } from './harness/experiment.js';
import { cachedFile } from './harness/record/cached.js';
import { fuseByEnfuse } from './harness/record/enfuse.js';
import { eyeBlock, eyeFocus, eyeReference, eyeResult } from './harness/record/eye-measure.js';
import { retile } from './harness/slides/retile.js';
import { sharedData } from './harness/slides/slides.js';
import { wholeLuma } from './harness/slides/whole-luma.js';

sharp.cache(false);

/** A stack, and which of its files are planes. */
type Stack = { readonly name: string; readonly folder: string; readonly pattern: string };

const stacks: readonly Stack[] = [
  { name: 'organoids', folder: 'organoid-zstack', pattern: '*.tif' },
  { name: 'insects in amber', folder: 'amber-zstack', pattern: '*.jpg' },
  { name: 'machined parts', folder: 'parts-zstack', pattern: '*.png' },
  { name: 'circuit board', folder: 'pcb-zstack', pattern: 'pcb_*.jpg' },
];

/** Tiles of 128 pixels, as a scanner would have stored the stack. */
const jpegTile = 128;
const jpegQuality = 90;
const cropSide = 200;

type Way = { readonly name: string; readonly grain?: PlanGrain; readonly tileSize?: number };
const ofPictures: readonly Way[] = [
  { name: 'default' },
  { name: 'tile', grain: 'tile' },
  { name: 'tiles of 64', grain: 'tile', tileSize: 64 },
  { name: 'tiles of 32', grain: 'tile', tileSize: 32 },
];
const ofTiles: readonly Way[] = [{ name: 'default' }, { name: 'tile', grain: 'tile' }];

type Row = {
  readonly stack: string;
  readonly stored: 'pictures' | 'JPEG tiles';
  readonly way: string;
  /** Blocks with content. */
  readonly blocks: number;
  readonly kept: number;
  readonly lost: number;
  readonly seconds: number;
  readonly bytes: number;
  /** What the run itself says that its result keeps by block; missing where it does not mix, and of enfuse. */
  readonly told?: number | undefined;
  readonly notes: readonly string[];
};

type Region = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

type Crop = { readonly stack: string; readonly way: string; readonly jpeg: string };

export const eye: Experiment = {
  question: 'What does the eye see of a stack in its flattened picture?',
  async run({ quick, each }) {
    const folder = mkdtempSync(join(tmpdir(), 'zflat-eye-'));
    try {
      const known = stacks.slice(0, quick ? 1 : undefined);
      const measured = await each(known, { name: ({ name }) => name }, (stack) => measureStack(stack, folder));
      const rows = measured.flatMap((part) => part.rows);
      const crops = measured.flatMap((part) => part.crops);
      return {
        slides: known.map(({ name }) => name),
        seeds: 0,
        settings: { jpegTile, jpegQuality },
        data: rows,
        text: describe(rows),
        pictures: { eye: cropsPicture(crops) },
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measureStack({ name, folder: stackFolder, pattern }: Stack, folder: string) {
  const input = join(sharedData, stackFolder);
  const [start, end] = pattern.split('*');
  const pictures = readdirSync(input)
    .filter((file) => file.startsWith(start) && file.endsWith(end))
    .sort()
    .map((file) => join(input, file));
  if (pictures.length === 0) return undefined;
  const tiles = await cachedFile(`eye/${stackFolder}.ome.tiff`, (partial) =>
    retile(join(input, pattern), partial, jpegTile, jpegQuality),
  );
  const rows: Row[] = [];
  const crops: Crop[] = [];
  for (const [stored, slide, ways] of [
    ['pictures', pictures, ofPictures],
    ['JPEG tiles', [tiles], ofTiles],
  ] as const) {
    const planes = await planesOf(slide);
    const [first] = planes;
    const reference = eyeReference(first, planes.map(eyeFocus));
    const region = stored === 'pictures' ? busiest(reference, first) : undefined;
    const add = async (
      way: string,
      luma: Luma,
      seconds: number,
      bytes: number,
      told?: number,
      notes: readonly string[] = [],
    ) => {
      const { blocks, kept, lost } = eyeResult(reference, eyeFocus(luma));
      rows.push({ stack: name, stored, way, blocks, kept, lost, seconds, bytes, told, notes });
      if (region) crops.push({ stack: name, way, jpeg: await cropOf(luma, region) });
    };
    if (region) {
      const middle = Math.floor(planes.length / 2);
      crops.push({
        stack: name,
        way: `plane ${middle} of ${planes.length}`,
        jpeg: await cropOf(planes[middle], region),
      });
    }
    for (const { name: way, ...options } of ways) {
      const output = join(folder, 'flat.ome.tiff');
      const start = performance.now();
      const { report } = await flattenSlide(slide, output, { ...options, force: true, thumbnail: false });
      const seconds = (performance.now() - start) / 1000;
      const [flat] = await planesOf([output]);
      const told = report.plan.blocks?.mixed ? report.plan.blocks.accuracy?.retained : undefined;
      await add(way, flat, seconds, report.output?.bytes ?? 0, told, report.plan.notes);
    }
    if (stored === 'pictures') {
      const output = join(folder, 'fused.tif');
      const elapsed = fuseByEnfuse(pictures, output);
      if (elapsed !== undefined) await add('enfuse', await lumaOfFile(output), elapsed / 1000, statSync(output).size);
    }
  }
  return { rows, crops };
}

/** The luminance of every plane of a slide's finest level. */
async function planesOf(slide: readonly string[]): Promise<Luma[]> {
  const source = await openSlide([...slide]);
  try {
    const lumas: Luma[] = [];
    for (const { plane } of source.info.planes) lumas.push(await wholeLuma(source, source.info.levels[0], plane));
    return lumas;
  } finally {
    await source.close();
  }
}

async function lumaOfFile(path: string): Promise<Luma> {
  const { data, info } = await sharp(path).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** Where blocks gain most by the choice of a plane: the top left corner of a crop. */
function busiest({ columns, rows, best, worst, content }: ReturnType<typeof eyeReference>, { width, height }: Luma) {
  const across = Math.ceil(cropSide / eyeBlock);
  let most = -1;
  let place = { left: 0, top: 0 };
  for (let row = 0; row + across <= rows; row++) {
    for (let column = 0; column + across <= columns; column++) {
      let gain = 0;
      for (let r = row; r < row + across; r++) {
        for (let c = column; c < column + across; c++) {
          const block = r * columns + c;
          if (content[block]) gain += best[block] - worst[block];
        }
      }
      if (gain <= most) continue;
      most = gain;
      place = { left: column * eyeBlock, top: row * eyeBlock };
    }
  }
  return { ...place, width: Math.min(cropSide, width), height: Math.min(cropSide, height) };
}

async function cropOf({ width, height, data }: Luma, region: Region): Promise<string> {
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.length);
  const jpeg = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .extract(region)
    .jpeg({ quality: 85 })
    .toBuffer();
  return jpeg.toString('base64');
}

/** A row a stack: a plane, and what each way makes of it. */
function cropsPicture(crops: readonly Crop[]): string {
  const names = [...new Set(crops.map(({ stack }) => stack))];
  const columns = Math.max(...names.map((name) => crops.filter(({ stack }) => stack === name).length));
  const step = { x: cropSide + 8, y: cropSide + 24 };
  const body = html`${names.flatMap((name, row) =>
    crops
      .filter(({ stack }) => stack === name)
      .map(
        ({ way, jpeg }, column) =>
          html`<text x="${column * step.x}" y="${row * step.y + 14}">${name}: ${way}</text><image x="${column * step.x}" y="${row * step.y + 20}" width="${cropSide}" height="${cropSide}" href="data:image/jpeg;base64,${jpeg}"/>`,
      ),
  )}`;
  return svgFile({ width: columns * step.x, height: names.length * step.y, body }, eye.question);
}

function describe(rows: readonly Row[]): string {
  return [
    `Luma after a Gaussian of one pixel; focus of a block of ${eyeBlock} pixels: the sum of |luma - its 5x5 mean|. Blocks count whose focus`,
    'varies over the planes by more than .35 of its least, six times the noise between planes and .1 a pixel. Kept: the sum of',
    'min(focus of the result, best plane) over that of the best planes. Lost: blocks that keep less than half of what lies between their',
    `worst and best plane. Pictures as they are, and cut into JPEG tiles of ${jpegTile} pixels of quality ${jpegQuality}, which are held against their own`,
    'decoded planes. Told: what the run itself says its result keeps by block, by its own measure. One process, shared machine.\n',
    table(
      ['stack', 'stored as', 'flattened', 'blocks', 'kept', 'lost, %', 'told', 's', 'MB'],
      rows.map(({ stack, stored, way, blocks, kept, lost, told, seconds, bytes }) => [
        stack,
        stored,
        way,
        blocks,
        kept.toFixed(4),
        percent(lost, 2),
        told === undefined ? '-' : told.toFixed(4),
        seconds.toFixed(1),
        (bytes / 1e6).toFixed(2),
      ]),
    ),
    '',
    ...rows
      .filter(({ way, notes }) => way === 'default' && notes.some((note) => note.startsWith('blocks are not mixed')))
      .map(
        ({ stack, stored, notes }) => `${stack}, ${stored}: ${notes.find((note) => note.startsWith('blocks are'))}.`,
      ),
  ].join('\n');
}
