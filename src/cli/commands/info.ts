// zflat info: what a slide is, without decoding a pixel.

import type { Command } from 'commander';
import { openingOptions } from '../../options/opening.js';
import { pickOptions } from '../../options/option-table.js';
import { slideSummary } from '../../report/summaries.js';
import type { SlideInfo, SlideScene } from '../../slide/slide-info.js';
import { selectionText } from '../../slide/slide-selection.js';
import type { OpenOptions } from '../../slide-source/open-options.js';
import { openSlide } from '../../slide-source/open-slide.js';
import { printableLine } from '../../system/printable.js';
import { type NetworkFlags, networkFlags, networkOptionsOf, tellingFlags } from '../common-flags.js';
import { addExamples, addFlags } from '../flags.js';
import { runCommand } from '../run-command.js';

const table = { ...openingOptions, ...networkFlags, json: { ...tellingFlags.json, text: 'print as JSON' } };

type Given = OpenOptions & NetworkFlags & { readonly json?: boolean };

export function addInfo(command: Command): void {
  command.argument(
    '<slide...>',
    'a file, a folder, a pattern, or the files of the planes; also by URL (see zflat formats)',
  );
  addFlags(command, table);
  addExamples(command, [
    ['zflat info smear.ome.tiff', 'one file with all planes'],
    ['zflat info planes/', 'a folder with a file per plane'],
    ['zflat info https://slides.example.org/smear.ome.tiff', 'a file on a web server; ZFLAT_TOKEN is sent along'],
    ['zflat info pma://slides.example.org/Lab/smear.ndpi', 'PMA.core: ZFLAT_PMA_USER and ZFLAT_PMA_PASSWORD sign in'],
    ['zflat info planes.json', 'a list of Deep Zoom images or IIIF services, a plane each (zflat formats)'],
  ]);
  command.action((slide: string[]) =>
    runCommand<Given>(command, table, async (given, { signal }, { print }) => {
      const options = { ...pickOptions<OpenOptions>(openingOptions, given), network: networkOptionsOf(given), signal };
      const info = await readInfo(slide, options);
      print(given.json ? `${JSON.stringify(infoJson(info), null, 2)}\n` : infoText(info));
      return 0;
    }),
  );
}

async function readInfo(slide: readonly string[], options: OpenOptions): Promise<SlideInfo> {
  const source = await openSlide(slide, options);
  await source.close();
  return source.info;
}

function infoJson(info: SlideInfo) {
  const { encoding, objective, channelName, iccProfile, associatedImages, acquisitionDate } = info;
  return {
    schema: 'zflat.info/1',
    ...slideSummary(info),
    grids: info.levels.map(({ level, grid }) => ({ level, ...grid })),
    photometric: encoding.photometric,
    samples: `${encoding.channels} x ${encoding.sample}`,
    chromaSubsampling: encoding.subsampling,
    objective: objective ?? null,
    channelName: channelName ?? null,
    scenes: info.scenes?.map((scene) => ({ ...scene, name: scene.name ?? null })) ?? null,
    iccProfileBytes: iccProfile?.length ?? 0,
    acquisitionDate: acquisitionDate ?? null,
    associatedImages,
  };
}

function infoText(info: SlideInfo): string {
  const { levels, planes, encoding, micronsPerPixel: um, objective, retiled } = info;
  const [{ grid }] = levels;
  const heights = planes.every(({ zUm }) => zUm !== undefined) ? planes.map(({ zUm }) => zUm).join(', ') : 'unknown';
  const codec = retiled
    ? `retiled (${retiled}): tiles of ${grid.tileWidth} px cut from decoded pixels`
    : encoding.codec;
  const magnification = objective?.magnification ? `${objective.magnification}x` : undefined;
  const rows: [string, string | undefined][] = [
    ['slide', info.name],
    ['format', info.format],
    ['files', info.files.length === 1 ? info.files[0] : `${info.files.length}, the first ${info.files[0]}`],
    ['size', `${grid.width} x ${grid.height} pixels`],
    ['tiles', `${grid.columns} x ${grid.rows} of ${grid.tileWidth} x ${grid.tileHeight} pixels`],
    ['levels', levels.map(({ level, grid: { width, height } }) => `${level}: ${width} x ${height}`).join(', ')],
    ['planes', String(planes.length)],
    ['heights', `${heights}${heights === 'unknown' ? '' : ' µm'}`],
    ['pixel', um ? `${um.x} x ${um.y} µm` : 'size unknown'],
    ['samples', `${encoding.channels} x ${encoding.sample}, ${encoding.photometric}`],
    ['codec', codec],
    ['objective', [objective?.model, magnification].filter(Boolean).join(', ') || undefined],
    ['channel', info.channelName],
    ['taken', selectionText(info.selection)],
    ...(info.scenes ?? []).map((scene): [string, string] => ['scene', sceneText(scene)]),
    ['pictures', info.associatedImages.map(({ kind }) => kind).join(', ') || undefined],
    ...info.notes.map((note): [string, string] => ['note', note]),
  ];
  const lines = rows.filter(([, value]) => value !== undefined).map(([name, value]) => `${name.padEnd(10)} ${value}`);
  return `${lines.map(printableLine).join('\n')}\n`;
}

function sceneText({ index, name, width, height, read }: SlideScene): string {
  return `${index}${name === undefined ? '' : ` ${name}`}: ${width} x ${height} pixels${read ? ', taken' : ''}`;
}
