// The layout of design.md, section 4, held by reading every import.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Folders and files of `src` by floor; files of floor 3 are the pages that join the parts. */
const floors: Record<string, number> = {
  'slide/': 0,
  'errors.ts': 0,
  'load-sharp.ts': 0,
  'markup.ts': 0,
  'temporary-paths.ts': 0,
  'version.ts': 0,
  'wasm/': 0,
  'focus/': 1,
  'planner/': 1,
  'codecs/': 1,
  'jpeg/': 1,
  'formats/': 1,
  'bytes/': 1,
  'synth/': 1,
  'work/': 1,
  'plot/': 1,
  'pipeline/': 2,
  'tuning/': 2,
  'sources/': 2,
  'output/': 2,
  'report/': 2,
  'heatmap/': 2,
  'cli/': 4,
};
const pages = 3;

/** Folders of one floor ignore each other but for these arrows. */
const arrows = [
  'codecs/ -> jpeg/',
  'formats/ -> bytes/',
  'report/ -> heatmap/',
  'work/ -> codecs/',
  'work/ -> focus/',
  'work/ -> jpeg/',
];

/** What a folder may import though its floor allows more. */
const only: Record<string, readonly string[]> = {
  'slide/': ['errors.ts'],
  'errors.ts': [],
  'load-sharp.ts': ['errors.ts'],
  'markup.ts': [],
  'temporary-paths.ts': [],
  'version.ts': [],
  'planner/': ['slide/', 'wasm/', 'errors.ts'],
  'tuning/': ['planner/', 'focus/', 'plot/', 'slide/', 'errors.ts'],
  'plot/': ['markup.ts'],
};

const mostLines = 300;

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean; readonly isDynamic: boolean };

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')]));
const imports = files.flatMap((file) => importsOf(file, texts.get(file) as string));

/** The imports of files of our own: static, dynamic and re-exports. */
function importsOf(from: string, text: string): Import[] {
  // What is no import, such as an example in a comment, does not count.
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = [...code.matchAll(/(?:^|[\s;])(import|export)\s+(type\s)?[^'"();]*?from\s+'(\.[^']+)'/g)];
  const statics = found.map((match) => ({ target: match[3], typeOnly: match[2] !== undefined, isDynamic: false }));
  const dynamic = [...code.matchAll(/import\(\s*'(\.[^']+)'\s*\)/g)].map((match) => ({
    target: match[1],
    typeOnly: false,
    isDynamic: true,
  }));
  const bare = [...code.matchAll(/(?:^|[\s;])import\s+'(\.[^']+)'/g)].map((match) => ({
    target: match[1],
    typeOnly: false,
    isDynamic: false,
  }));
  return [...statics, ...dynamic, ...bare].map(({ target, ...kind }) => {
    const path = relative(src, join(src, dirname(from), target)).replaceAll('\\', '/');
    return { from, to: path.replace(/\.js$/, '.ts'), ...kind };
  });
}

/** The folder of `src` that a file is in, or the file itself where it lies in `src`. */
function part(file: string): string {
  const at = file.indexOf('/');
  return at < 0 ? file : file.slice(0, at + 1);
}

function floorOf(file: string): number {
  const floor = floors[part(file)];
  if (floor !== undefined) return floor;
  if (part(file) === file) return pages;
  throw new Error(`src/${part(file)} has no floor in test/architecture.test.ts`);
}

/** What an import breaks; undefined where it breaks nothing. */
function offence({ from, to }: Import): string | undefined {
  const [source, target] = [part(from), part(to)];
  if (source === target) return undefined;
  const allowed = only[source];
  if (allowed && !allowed.includes(target)) return 'is not among the few it may import';
  if (floorOf(to) > floorOf(from)) return 'runs upward';
  const pageToPage = floorOf(from) === pages && floorOf(to) === pages;
  const vocabulary = floorOf(from) === 0 && allowed !== undefined;
  if (floorOf(to) < floorOf(from) || pageToPage || vocabulary) return undefined;
  return arrows.includes(`${source} -> ${target}`) ? undefined : 'runs sideways';
}

/** A cycle among the imports, as a path; undefined where there is none. */
function findCycle(edges: readonly Import[]): string[] | undefined {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
}

const told = ({ from, to }: Import) => `${from} -> ${to}`;

describe('the layout', () => {
  it('should only have imports that run down, or along the arrows drawn', () => {
    const offences = imports.flatMap((each) => (offence(each) ? [`${told(each)} ${offence(each)}`] : []));
    expect(offences).toEqual([]);
  });

  it('should never have a cycle of imports', () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  it('should only ever import files that there are', () => {
    expect(imports.filter(({ to }) => !texts.has(to) && to !== '../package.json').map(told)).toEqual([]);
  });

  it('should never name a source or a writer in the pipeline', () => {
    const names =
      /\b(ome-?tiff|openSlide|openOmeTiff|openPlaneFiles|createWriter|createTiffWriter|TiffWriter|geotiff|sharp)\b/i;
    const named = files.filter((file) => part(file) === 'pipeline/' && names.test(texts.get(file) as string));
    expect(named).toEqual([]);
  });

  it('should always join sources and writers in a page of src alone', () => {
    const joins = imports.filter(
      ({ from, to }) => /^(sources\/open-slide|output\/create-writer)\.ts$/.test(to) && part(from) !== part(to),
    );
    expect(joins.filter(({ from }) => ![pages, 4].includes(floorOf(from))).map(told)).toEqual([]);
  });

  it('should only read files, clocks and chance outside the planner, tuning and the focus measures', () => {
    const impure = /from '(node:|rxjs|sharp|geotiff)|\bDate\b|Math\.random|performance\.|process\./;
    const found = files.filter(
      (file) =>
        ['planner/', 'tuning/', 'focus/', 'slide/'].includes(part(file)) && impure.test(texts.get(file) as string),
    );
    expect(found).toEqual([]);
  });

  it('should never load what draws before something is drawn', () => {
    const drawing = new Set(files.filter((file) => /from 'd3-/.test(texts.get(file) as string)));
    const statics = imports.filter(({ typeOnly, isDynamic }) => !typeOnly && !isDynamic);
    for (const start of ['cli/main.ts', 'cli/commands/info.ts', 'cli/commands/flatten.ts', 'index.ts']) {
      const loaded = new Set([start]);
      for (const file of loaded) for (const { from, to } of statics) if (from === file) loaded.add(to);
      expect([start, loaded.size > 1 || start === 'cli/main.ts']).toEqual([start, true]);
      expect([start, [...loaded].filter((file) => drawing.has(file))]).toEqual([start, []]);
    }
    expect(drawing).toContain('report/strip-plot.ts');
  });

  it('should only load libraries with binaries where pixels need them', () => {
    const binaries = /^import (?!type\b)[^;]*from '(sharp|@julusian\/|@cornerstonejs\/)/m;
    expect(files.filter((file) => binaries.test(texts.get(file) as string))).toEqual([]);
    expect(files.filter((file) => /(?<!typeof )import\('sharp'\)/.test(texts.get(file) as string))).toEqual([
      'load-sharp.ts',
    ]);
  });

  it('should only have files that fit a few screens', () => {
    const long = files.map((file) => [file, (texts.get(file) as string).trimEnd().split('\n').length] as const);
    expect(long.filter(([, lines]) => lines > mostLines)).toEqual([]);
  });

  it('should never have drawers: folders and files are named after what they hold', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.ts$)/.test(file))).toEqual([]);
  });

  it('should always open a file with a line on what it is', () => {
    expect(files.filter((file) => !/^(#!.*\n)?(\/\/|\/\*\*?)\s?\S/.test(texts.get(file) as string))).toEqual([]);
  });
});

describe('the check itself', () => {
  it('should always have read the real imports', () => {
    expect(imports.map(told)).toEqual(
      expect.arrayContaining([
        'flatten-slide.ts -> sources/open-slide.ts',
        'codecs/codec.ts -> codecs/lzw.ts',
        'index.ts -> errors.ts',
        'planner/plan-rounds.ts -> slide/depth-map.ts',
      ]),
    );
  });

  it('should always see imports of every kind', () => {
    const text = `
      import { a } from './a.js';
      import type { B } from '../slide/b.js';
      import sharp from 'sharp';
      import {
        c,
        type D,
      } from './c.js';
      export { e } from './e.js';
      export * from './f.js';
      const g = await import('./g.js');
      import './h.js';
      // import { no } from './no.js';
    `;
    const found = importsOf('focus/x.ts', text).map(({ to }) => to);
    expect(found.sort()).toEqual([
      'focus/a.ts',
      'focus/c.ts',
      'focus/e.ts',
      'focus/f.ts',
      'focus/g.ts',
      'focus/h.ts',
      'slide/b.ts',
    ]);
  });

  it('should always tell what is allowed from what is not', () => {
    const judge = (from: string, to: string) => offence({ from, to, typeOnly: false, isDynamic: false });
    expect(judge('pipeline/x.ts', 'planner/y.ts')).toBeUndefined();
    expect(judge('codecs/x.ts', 'jpeg/y.ts')).toBeUndefined();
    expect(judge('flatten-slide.ts', 'plan-slide.ts')).toBeUndefined();
    expect(judge('jpeg/x.ts', 'codecs/y.ts')).toBe('runs sideways');
    expect(judge('pipeline/x.ts', 'sources/y.ts')).toBe('runs sideways');
    expect(judge('focus/x.ts', 'pipeline/y.ts')).toBe('runs upward');
    expect(judge('output/x.ts', 'flatten-slide.ts')).toBe('runs upward');
    expect(judge('planner/x.ts', 'version.ts')).toMatch(/few/);
    expect(judge('slide/x.ts', 'focus/y.ts')).toMatch(/few/);
  });

  it('should always find a cycle', () => {
    const edge = (from: string, to: string) => ({ from, to, typeOnly: false, isDynamic: false });
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('a', 'c')])).toBeUndefined();
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual(['b', 'c', 'b']);
  });
});
