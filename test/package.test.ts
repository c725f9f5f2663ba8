// What npm packs: what runs and its types, the licences of what became a part of it, and nothing internal.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
  .map((path) => `dist/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.js'));

/** Packages that the built files load while they run. */
function loaded(): Set<string> {
  const ways = [
    /^(?:import|export)\b[^;\n]* from "([\w@/.-]+)";$/gm,
    /\bimport\("([\w@/.-]+)"\)/g,
    /createRequire\(import\.meta\.url\)\("([\w@/.-]+)"\)/g,
  ];
  const texts = built.map(read);
  const all = ways.flatMap((way) => texts.flatMap((text) => [...text.matchAll(way)].map(([, name]) => name)));
  const names = all.filter((name) => !name.startsWith('.'));
  const packages = names
    .filter((name) => !name.startsWith('node:'))
    .map((name) => {
      const [scope, inner] = name.split('/');
      return scope.startsWith('@') ? `${scope}/${inner}` : scope;
    });
  return new Set(packages.filter((name) => name !== 'zflat'));
}

describe('the package', () => {
  it('should only ship what runs, its types and licences', () => {
    const told = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ files }] = JSON.parse(told) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    const rest = paths.filter((path) => !/^dist\/(cli\/main|[\w.-]+)\.js$/.test(path));
    expect(rest.sort()).toEqual(['README.md', 'dist/LICENSES.txt', 'dist/index.d.ts', 'package.json']);
    expect(paths).toEqual(expect.arrayContaining(['dist/index.js', 'dist/cli/main.js', 'dist/tile-worker.js']));
  });

  it('should always install what it loads, and nothing that it does not', () => {
    const wanted = [...loaded()].sort();
    // The types of runs as streams are those of rxjs.
    expect(Object.keys(dependencies).sort()).toEqual([...wanted, 'rxjs'].sort());
  });

  it('should always carry the licences of what became a part of it', () => {
    const licences = read('dist/LICENSES.txt');
    const named = [...licences.matchAll(/^={80}\n\n(\S+) \d[^\n]* \((.+)\)$/gm)].map(([, name, licence]) => [
      name,
      licence,
    ]);
    const direct = ['commander', 'd3-array', 'd3-scale', 'd3-scale-chromatic', 'd3-shape', 'geotiff', 'rxjs'];
    expect(named.map(([name]) => name)).toEqual(expect.arrayContaining(direct));
    expect(named.filter(([name]) => name in dependencies && name !== 'rxjs')).toEqual([]);
    for (const name of direct.filter((each) => each !== 'rxjs')) expect(Object.keys(devDependencies)).toContain(name);
    expect(named.filter(([, licence]) => licence === 'undefined')).toEqual([]);
    expect(licences).toMatch(/MIT License[\s\S]*Permission is hereby granted/);
  });

  it('should always export every type that its declarations name, in one file that needs no other', () => {
    const types = read('dist/index.d.ts');
    const declared = [...types.matchAll(/^(?:declare )?(?:type|interface|class|const|function|enum) (\w+)/gm)];
    const exported = [...types.matchAll(/^export (?:type )?\{ ([^}]*) \}/gm)].flatMap(([, names]) => names.split(', '));
    expect(declared.length).toBeGreaterThan(60);
    expect(declared.map(([, name]) => name).filter((name) => !exported.includes(name))).toEqual([]);
    expect([...types.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['rxjs']);
  });
});
