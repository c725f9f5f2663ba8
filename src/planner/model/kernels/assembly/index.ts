// The kernel of planning, in AssemblyScript: `npm run kernels` compiles it into ../kernels.wasm.ts.
export { rate } from './rate.js';
