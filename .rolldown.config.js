// What is run: few files, with the libraries that every command loads, so that a command is there in a tenth of a second. Libraries with
// files of their own (binaries, WebAssembly) stay where npm puts them. tsc writes the declarations.
import { fileURLToPath } from 'node:url';

const apart = /^(node:|sharp|@julusian\/|@cornerstonejs\/|zarrita|zstddec|tinyglobby)/;

// Its entry for Node is CommonJS, of which nothing can be left out; the ES modules beside it are the same code.
const rxjs = fileURLToPath(new URL('../esm/index.js', import.meta.resolve('rxjs')));

const common = {
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
  { name: 'engine', test: /src\/(slide|planner|pipeline|output|tile-jobs|focus|jpeg|system|bytes)\//, priority: 1 },
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
