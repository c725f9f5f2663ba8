// What is run: few files, with the libraries that every command loads, so that a command is there in a tenth of a second. Libraries with
// files of their own (binaries, WebAssembly) stay where npm puts them. The declarations are rolled up by .types.config.js.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const apart = /^(node:|sharp|@julusian\/|@cornerstonejs\/|zarrita|zstddec|tinyglobby)/;

// Its entry for Node is CommonJS, of which nothing can be left out; the ES modules beside it are the same code.
const rxjs = fileURLToPath(new URL('../esm/index.js', import.meta.resolve('rxjs')));

/** Packages that became a part of what is run, by their folder. */
const bundled = new Set();

/** The folder in node_modules of the package that a module is of. */
function packageOf(id) {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1];
}

/** Name, version and licence of a package, with the texts that it wants to be passed on. */
function licenceOf(folder) {
  const { name, version, license, author, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const by = [author?.name ?? author, homepage].filter(Boolean).join(', ');
  return [
    `${name} ${version} (${license})`,
    ...(texts.length > 0 ? texts : [`by ${by}; its package has no text of it`]),
  ].join('\n\n');
}

/** Writes the licences of all that is bundled beside it. */
const licences = {
  name: 'licences',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
    for (const folder of modules.map(packageOf))
      if (folder && existsSync(join(folder, 'package.json'))) bundled.add(folder);
    const texts = [...bundled].sort().map(licenceOf);
    const head = 'Libraries that are part of these files, and their licences.';
    this.emitFile({
      type: 'asset',
      fileName: 'LICENSES.txt',
      source: `${[head, ...texts].join(`\n\n${'='.repeat(80)}\n\n`)}\n`,
    });
  },
};

const common = {
  plugins: [licences],
  platform: 'node',
  resolve: { alias: { rxjs } },
  external: (id) => apart.test(id),
  output: {
    dir: 'dist',
    format: 'esm',
    // Beside the thread's file, and one folder below package.json: both are found from there.
    chunkFileNames: '[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  },
};

// Folders that every run loads whole, in one file: Node takes half a millisecond for each. What help needs stays out of it.
const groups = [
  { name: 'words', test: /src\/(errors|system\/version)\.ts$/, priority: 2 },
  {
    name: 'engine',
    test: /src\/(slide|planner|pipeline|output|tile-jobs|focus|jpeg|system|bytes|options(?!\/synthesis))\//,
    priority: 1,
  },
];

export default [
  {
    ...common,
    input: { index: 'src/index.ts', 'cli/main': 'src/cli/main.ts' },
    output: { ...common.output, codeSplitting: { groups } },
  },
  // By itself: a thread is to load nothing that it does not need.
  { ...common, input: { 'tile-worker': 'src/tile-jobs/tile-worker.ts' } },
];
