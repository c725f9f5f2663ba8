// Rooms and floors, held by reading every import.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

/**
 * The rooms of `src` by floor: a file is in the room with the longest name that its path starts with. Files that join other rooms on
 * one page are rooms of their own.
 */
const floors: Record<string, number> = {
  'errors.ts': 0,
  'system/': 0,
  'slide/': 0,
  'bytes/': 1,
  'jpeg/': 1,
  'focus/': 1,
  'synth/': 1,
  'drawing/': 1,
  'drawing/heatmap/': 1,
  'drawing/plot/': 1,
  'planner/numeric/': 1,
  'codecs/': 2,
  'tiff/': 2,
  'planner/contract/': 2,
  'planner/model/': 3,
  'slide-source/': 3,
  'planner/quadtree/': 4,
  'planner/search/': 4,
  'planner/blocks/': 4,
  'slide-source/tile-server/': 4,
  'slide-source/single-stream/': 4,
  'options/': 4,
  'planner/survey/': 5,
  'tile-jobs/': 5,
  'planner/repair/': 5,
  'formats/': 5,
  'formats/aperio-svs/': 5,
  'planner/audit/': 6,
  'formats/plane-files/': 6,
  'planner/': 7,
  'slide-source/slide-formats.ts': 7,
  'slide-source/open-slide.ts': 8,
  'slide-source/group-inputs.ts': 9,
  'pipeline/': 8,
  'tuning/': 8,
  'output/': 8,
  'report/': 8,
  'api/': 9,
  'flatten-slide.ts': 9,
  'index.ts': 10,
  'cli/': 10,
};
const pages = 9;

/** Rooms of one floor ignore each other but for these arrows. */
const arrows = ['drawing/heatmap/ -> drawing/', 'drawing/plot/ -> drawing/'];

/** What a room may import though its floor allows more: other rooms of the planner, for each of them. */
const only: Record<string, readonly string[]> = {
  'slide/': ['errors.ts'],
  'errors.ts': [],
  'system/': ['errors.ts'],
  'planner/': ['slide/', 'system/', 'errors.ts'],
  'tuning/': ['planner/', 'options/', 'focus/', 'drawing/', 'slide/', 'system/', 'errors.ts'],
  'drawing/': ['system/', 'slide/', 'errors.ts'],
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

/** The room that a file is in: see `floors`. */
function room(file: string): string {
  const names = Object.keys(floors).filter((name) => file === name || (name.endsWith('/') && file.startsWith(name)));
  const longest = names.reduce((longest, name) => (name.length > longest.length ? name : longest), '');
  if (longest === '') throw new Error(`src/${file} is in no room of test/architecture.test.ts`);
  // Every format is a room of its own.
  return longest === 'formats/' ? `${file.split('/', 2).join('/')}/` : longest;
}

/** The folder of `src` that a file is in, or the file itself where it lies in `src`. */
function part(file: string): string {
  const at = file.indexOf('/');
  return at < 0 ? file : file.slice(0, at + 1);
}

const floorOf = (file: string): number => floors[room(file)] ?? floors['formats/'];

/** What an import breaks; undefined where it breaks nothing. */
function offence({ from, to }: Import): string | undefined {
  const [source, target] = [room(from), room(to)];
  if (source === target) return undefined;
  const allowed = only[part(from)];
  if (allowed && part(from) !== part(to) && !allowed.includes(part(to))) return 'is not among the few it may import';
  if (floorOf(to) > floorOf(from)) return 'runs upward';
  const vocabulary = floorOf(from) === 0 && allowed !== undefined;
  if (floorOf(to) < floorOf(from) || (floorOf(from) === pages && floorOf(to) === pages) || vocabulary) return undefined;
  return arrows.includes(`${source} -> ${target}`) ? undefined : 'runs sideways';
}

/** The shortest way of imports to a file from a page where a reader starts, floors in brackets. */
function wayTo(target: string): string {
  const ways = new Map(['index.ts', 'cli/main.ts'].map((start) => [start, [start]]));
  for (const [file, way] of ways) {
    if (file === target) break;
    for (const { from, to } of imports) if (from === file && !ways.has(to)) ways.set(to, [...way, to]);
  }
  return (ways.get(target) ?? [target]).map((file) => `${file} (${floorOf(file)})`).join(' -> ');
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
    const offences = imports.flatMap((each) => {
      const wrong = offence(each);
      return wrong ? [`${wayTo(each.from)} -> ${each.to} (${floorOf(each.to)}) ${wrong}`] : [];
    });
    expect(offences).toEqual([]);
  });

  it('should never have a cycle of imports', () => {
    expect(findCycle(imports)).toBeUndefined();
  });

  it('should only ever import files that there are', () => {
    expect(imports.filter(({ to }) => !texts.has(to)).map(told)).toEqual([]);
  });

  it('should only ever let tests import experiments, and both import src', () => {
    const below: Record<string, readonly string[]> = { src: ['src'], experiments: ['src', 'experiments'] };
    const upward = Object.entries(below).flatMap(([top, allowed]) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
        .map((file) => `${top}/${file.replaceAll('\\', '/')}`)
        .filter((file) => /\.[jt]s$/.test(file))
        .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
        .filter(({ to }) => !allowed.includes(to.split('/', 1)[0]))
        .map(told),
    );
    expect(upward).toEqual([]);
  });

  it('should never name a source or a writer in the pipeline', () => {
    const names =
      /\b(ome-?tiff|openSlide|openOmeTiff|openPlaneFiles|createWriter|createTiffWriter|TiffWriter|geotiff|sharp)\b/i;
    const named = files.filter((file) => part(file) === 'pipeline/' && names.test(texts.get(file) as string));
    expect(named).toEqual([]);
  });

  it('should always join sources and writers in a page of src alone', () => {
    const joins = imports.filter(
      ({ from, to }) => /^(slide-source\/open-slide|output\/create-writer)\.ts$/.test(to) && part(from) !== part(to),
    );
    expect(joins.filter(({ from }) => floorOf(from) < pages).map(told)).toEqual([]);
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

  it('should never load how a format is read before a slide is of that format', () => {
    const statics = imports.filter(({ typeOnly, isDynamic }) => !typeOnly && !isDynamic);
    const loaded = new Set(['slide-source/open-slide.ts']);
    for (const file of loaded) for (const { from, to } of statics) if (from === file) loaded.add(to);
    const libraries = /^import (?!type\b)[^;]*from '(?!node:)[^.]/m;
    expect([...loaded].filter((file) => libraries.test(texts.get(file) as string))).toEqual([]);
    expect([...loaded].filter((file) => /^formats\/.*-source\.ts$/.test(file))).toEqual([]);
    expect([...loaded].filter((file) => /^formats\/.*-format\.ts$/.test(file)).length).toBeGreaterThan(9);
  });

  it('should only load libraries with binaries where pixels need them', () => {
    const binaries = /^import (?!type\b)[^;]*from '(sharp|@julusian\/|@cornerstonejs\/)/m;
    expect(files.filter((file) => binaries.test(texts.get(file) as string))).toEqual([]);
    expect(files.filter((file) => /(?<!typeof )import\('sharp'\)/.test(texts.get(file) as string))).toEqual([
      'system/load-sharp.ts',
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
        'api/open-input.ts -> slide-source/open-slide.ts',
        'codecs/codec.ts -> codecs/lzw.ts',
        'index.ts -> errors.ts',
        'planner/contract/plan-rounds.ts -> slide/depth-map.ts',
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
    expect(judge('flatten-slide.ts', 'api/plan-slide.ts')).toBeUndefined();
    expect(judge('planner/audit/x.ts', 'planner/model/y.ts')).toBeUndefined();
    expect(judge('formats/ndpi/x.ts', 'tiff/y.ts')).toBeUndefined();
    expect(judge('formats/ndpi/x.ts', 'formats/czi/y.ts')).toBe('runs sideways');
    expect(judge('planner/search/x.ts', 'planner/blocks/y.ts')).toBe('runs sideways');
    expect(judge('pipeline/x.ts', 'output/y.ts')).toBe('runs sideways');
    expect(judge('jpeg/x.ts', 'codecs/y.ts')).toBe('runs upward');
    expect(judge('planner/model/x.ts', 'planner/audit/y.ts')).toBe('runs upward');
    expect(judge('slide-source/x.ts', 'slide-source/open-slide.ts')).toBe('runs upward');
    expect(judge('formats/czi/x.ts', 'slide-source/slide-formats.ts')).toBe('runs upward');
    expect(judge('focus/x.ts', 'pipeline/y.ts')).toBe('runs upward');
    expect(judge('output/x.ts', 'flatten-slide.ts')).toBe('runs upward');
    expect(judge('planner/x.ts', 'bytes/y.ts')).toMatch(/few/);
    expect(judge('slide/x.ts', 'focus/y.ts')).toMatch(/few/);
  });

  it('should always find a cycle', () => {
    const edge = (from: string, to: string) => ({ from, to, typeOnly: false, isDynamic: false });
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('a', 'c')])).toBeUndefined();
    expect(findCycle([edge('a', 'b'), edge('b', 'c'), edge('c', 'b')])).toEqual(['b', 'c', 'b']);
  });
});
