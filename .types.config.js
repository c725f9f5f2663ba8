// The declarations of the public API in one file, with nothing internal: from those that tsc has written, file by file.
import { dts } from 'rollup-plugin-dts';

export default {
  input: '.cache/types/index.d.ts',
  output: { file: 'dist/index.d.ts', format: 'es' },
  external: ['rxjs'],
  plugins: [dts({ tsconfig: 'tsconfig.json' })],
};
