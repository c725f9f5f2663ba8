// What a build of zflat makes of a slide, kept in a folder, and how two of them differ.
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { plainEnvironment } from '../time/own-process.js';

export type NamedSlide = { readonly name: string; readonly input: string; readonly words: readonly string[] };

export type FlattenedOutcome = {
  /** Holds the files that the run wrote, and what it said. */
  readonly folder: string;
  readonly exit: number;
};

/** Differences told of one file. */
const maxTold = 5;

/** Runs `zflat flatten` of a checkout, with all that it can write, in a folder of its own below `below`. */
export async function flattenWith(
  checkout: string,
  below: string,
  { name, input, words }: NamedSlide,
  grain: 'tile' | 'block',
): Promise<FlattenedOutcome> {
  const folder = join(below, `${name}-${grain}`.replace(/\W+/g, '-'));
  await mkdir(folder, { recursive: true });
  const outputs = [
    '-o',
    'flat.ome.tiff',
    '--report',
    'report.json',
    '--depth-map',
    'map.json',
    '--heatmap',
    'heat.png',
  ];
  const command = [join(checkout, 'dist/cli/main.js'), 'flatten', input, ...outputs, '--grain', grain, '--no-progress'];
  const child = spawn(process.execPath, [...command, ...words], {
    cwd: folder,
    env: plainEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  const [told, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const exit = (await ended) ?? -1;
  await writeFile(join(folder, 'said.txt'), withoutTimes(`${told}${complaint}exit ${exit}\n`));
  return { folder, exit };
}

/** A line for each thing that differs; none where all is the same. */
export async function differences(one: FlattenedOutcome, two: FlattenedOutcome): Promise<string[]> {
  const [here, there] = await Promise.all([one, two].map(({ folder }) => readdir(folder)));
  const found: string[] = [];
  for (const file of [...new Set([...here, ...there])].sort()) {
    if (!here.includes(file) || !there.includes(file)) {
      found.push(`${file}: only ${here.includes(file) ? 'here' : 'there'}`);
      continue;
    }
    const [a, b] = await Promise.all([one, two].map(({ folder }) => readFile(join(folder, file))));
    if (a.equals(b)) continue;
    if (file.endsWith('.json')) found.push(...fieldsApart(file, JSON.parse(a.toString()), JSON.parse(b.toString())));
    else if (file.endsWith('.txt')) found.push(...linesApart(file, a.toString(), b.toString()));
    else found.push(`${file}: ${bytesApart(a, b)}`);
  }
  return found;
}

/** Where JSON differs: paths and both values. Times and memory are no results. */
function fieldsApart(file: string, one: unknown, two: unknown): string[] {
  const apart: string[] = [];
  const walk = (path: string, a: unknown, b: unknown): void => {
    if (/\.(elapsedMs|peakRssBytes)$/.test(path) || JSON.stringify(a) === JSON.stringify(b)) return;
    if (!isObject(a) || !isObject(b)) {
      apart.push(`${file}${path}: ${brief(a)} here, ${brief(b)} there`);
      return;
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(`${path}.${key}`, a[key], b[key]);
    // The same fields and values in another order.
    if (Object.keys(a).join() !== Object.keys(b).join()) apart.push(`${file}${path}: fields, or their order`);
  };
  walk('', one, two);
  return first(apart);
}

function linesApart(file: string, one: string, two: string): string[] {
  const [here, there] = [one, two].map((each) => each.split('\n'));
  const lines = Array.from({ length: Math.max(here.length, there.length) }, (_, i) => i);
  return first(
    lines
      .filter((i) => here[i] !== there[i])
      .map((i) => `${file}:${i + 1}: ${brief(here[i])} here, ${brief(there[i])} there`),
  );
}

function bytesApart(one: Buffer, two: Buffer): string {
  const shared = Math.min(one.length, two.length);
  let at = 0;
  while (at < shared && one[at] === two[at]) at++;
  return `${one.length} bytes here, ${two.length} there, apart from byte ${at} on`;
}

function first(lines: readonly string[]): string[] {
  return lines.length <= maxTold ? [...lines] : [...lines.slice(0, maxTold), `… and ${lines.length - maxTold} more`];
}

function brief(value: unknown): string {
  const shown = JSON.stringify(value) ?? 'nothing';
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}

function withoutTimes(said: string): string {
  return said.replace(/\d+(\.\d+)? (ms|s|min)\b/g, '(time)');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
