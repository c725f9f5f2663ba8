// What is run: few files, with the libraries that every command loads, so that a command is there in a tenth of a second. Libraries with
// files of their own (binaries, WebAssembly) stay where npm puts them. tsc writes the declarations.
const apart = /^(node:|sharp|@julusian\/|@cornerstonejs\/|zarrita|zstddec|tinyglobby)/;

export default {
  input: {
    index: 'src/index.ts',
    'cli/main': 'src/cli/main.ts',
    'tile-worker': 'src/work/tile-worker.ts',
  },
  platform: 'node',
  external: (id) => apart.test(id),
  output: {
    dir: 'dist',
    format: 'esm',
    // Beside the thread's file, and one folder below package.json: both are found from there.
    chunkFileNames: '[name]-[hash].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  },
};
