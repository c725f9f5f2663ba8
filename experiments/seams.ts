// Does mixing planes block by block leave seams where the planes lie over each other?

import { svgFile } from '../src/drawing/plot/drawing.js';
import { blockSize, blocksPerTile, type DepthMap } from '../src/slide/depth-map.js';
import type { Level } from '../src/slide/pyramid.js';
import type { Luma } from '../src/slide/raster.js';
import type { SlideSource } from '../src/slide/slide-source.js';
import { tilePlanes } from '../src/slide/tile-planes.js';
import { openSlide } from '../src/slide-source/open-slide.js';
import { barChart } from './harness/draw/bar-chart.js';
import { type Experiment, percent, table } from './harness/experiment.js';
import { composeLuma, relativeExcess, type SeamSteps, seamSteps, shiftedLuma } from './harness/record/seam-steps.js';
import { flattened } from './harness/slides/flattened.js';
import { sharpLuma } from './harness/slides/sharp-luma.js';
import { type ExperimentSlide, slideFile, slides, slideWeight } from './harness/slides/slides.js';
import { wholeLuma } from './harness/slides/whole-luma.js';

const names = ['gravel', 'gravel-tissue', 'another-gravel', 'step', 'noisy', 'organoids-256'];
const levels = [0, 1, 2];
/** Pixels by which every plane is moved against the one below, in the control that drifts. */
const drift = 2;

const tileGrain = 'borders, a plane a tile';
const apart = 'all, planes moved by 2 px each';

type Row = {
  readonly slide: string;
  readonly level: number;
  readonly where: 'inside tiles' | 'borders of tiles' | typeof apart | typeof tileGrain;
  readonly steps: SeamSteps;
};

export const seams: Experiment = {
  question: 'Does mixing planes block by block leave seams?',
  async run({ quick, each }) {
    const known = slides.filter(({ name }) => names.slice(0, quick ? 1 : undefined).includes(name));
    const measured = await each(known, { name: ({ name }) => name, weight: slideWeight }, async (slide) => {
      const file = await slideFile(slide);
      if (file === undefined) return undefined;
      const rows: Row[] = [];
      const source = await openSlide(file);
      for (const grain of ['block', 'tile'] as const) {
        const { path, map } = await flattened(slide.name, file, grain);
        const result = await openSlide(path);
        for (const level of source.info.levels) {
          if (!levels.includes(level.level)) continue;
          const found = await seamsOfLevel(slide, source, result, level, map);
          const borders = found.filter(({ where }) => level.level === 0 && where === 'borders of tiles');
          rows.push(...(grain === 'block' ? found : borders.map((row): Row => ({ ...row, where: tileGrain }))));
        }
        await result.close();
      }
      await source.close();
      return { name: slide.name, rows };
    });
    const rows = measured.flatMap((slide) => slide.rows);
    const used = measured.map(({ name }) => name);
    const shown = ['inside tiles', tileGrain, apart] as const;
    const excess = (slide: string, where: Row['where']) => {
      const row = rows.find((each) => each.slide === slide && each.level === 0 && each.where === where);
      return row ? Math.max(0, 100 * relativeExcess(row.steps)) : Number.NaN;
    };
    const bars = used.map((slide) => ({ name: slide, values: shown.map((where) => excess(slide, where)) }));
    return {
      slides: used,
      seeds: 0,
      settings: { grain: 'block', drift },
      data: rows,
      text: describe(rows),
      pictures: {
        seams: svgFile(
          barChart({
            title: 'Step at plane changes above that of the planes themselves there, %',
            series: ['inside tiles', 'a plane a tile', 'moved by 2 px'],
            bars,
          }),
          seams.question,
        ),
      },
    };
  },
};

async function seamsOfLevel(
  { name: slide, recipe }: ExperimentSlide,
  source: SlideSource,
  result: SlideSource,
  level: Level,
  map: DepthMap,
): Promise<Row[]> {
  const { blocks, columns } = levelBlocks(source, level, map);
  const planes: Luma[] = [];
  for (const { plane } of source.info.planes) planes.push(await wholeLuma(source, level, plane));
  const picture = await wholeLuma(result, level, 0);
  const truth = recipe && (await sharpLuma(slide, recipe, level.level));
  const { tileWidth, tileHeight } = level.grid;
  const atBorder = (x: number, y: number, across: boolean) => (across ? x % tileWidth : y % tileHeight) === 0;
  const moved = planes.map((luma, plane) => shiftedLuma(luma, drift * plane, 0));
  const rows: Row[] = [
    {
      slide,
      level: level.level,
      where: 'inside tiles',
      steps: seamSteps(picture, planes, blocks, columns, truth, (x, y, across) => !atBorder(x, y, across)),
    },
    {
      slide,
      level: level.level,
      where: 'borders of tiles',
      steps: seamSteps(picture, planes, blocks, columns, truth, atBorder),
    },
    {
      slide,
      level: level.level,
      where: apart,
      steps: seamSteps(composeLuma(moved, blocks, columns), moved, blocks, columns, truth),
    },
  ];
  return rows.filter(({ steps }) => steps.edges > 0);
}

/** The plane of every block of a level, row-major. */
function levelBlocks({ info }: SlideSource, level: Level, map: DepthMap) {
  const [decision] = info.levels;
  const { grid } = level;
  const perTile = blocksPerTile(grid);
  const columns = grid.columns * perTile.columns;
  const blocks = new Uint16Array(columns * grid.rows * perTile.rows);
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const shown = tilePlanes(map, decision, level, row, column);
      for (let block = 0; block < perTile.columns * perTile.rows; block++) {
        const y = row * perTile.rows + Math.floor(block / perTile.columns);
        const x = column * perTile.columns + (block % perTile.columns);
        blocks[y * columns + x] = shown.uniform ? shown.plane : shown.blocks[block];
      }
    }
  }
  return { blocks, columns };
}

function describe(rows: readonly Row[]): string {
  return [
    `Where two blocks of ${blockSize} pixels show different planes, the mean difference from pixel to pixel across their edge, in grey`,
    'levels: of the result, and of the two planes it shows there (a JPEG block steps at its edge anyway; each plane is blurred on one',
    'side). Beside: in the result one block away, where planes do not change. Truth: the picture with everything in focus, no noise and',
    'no JPEG. Rough: edges where the result steps by 4 levels more than either plane. Planes moved: a control: the same map over',
    'planes that were moved apart; a plane a tile: the slide flattened with --grain tile.\n',
    table(
      [
        'slide',
        'level',
        'where',
        'edges',
        'step of the result',
        'of the planes',
        'beside',
        'truth',
        'excess, %',
        'rough, %',
      ],
      rows.map(({ slide, level, where, steps }) => [
        slide,
        level,
        where,
        steps.edges,
        steps.result.toFixed(2),
        steps.planes.toFixed(2),
        steps.beside.toFixed(2),
        steps.truth?.toFixed(2) ?? '-',
        percent(relativeExcess(steps)),
        percent(steps.rough, 2),
      ]),
    ),
  ].join('\n');
}
