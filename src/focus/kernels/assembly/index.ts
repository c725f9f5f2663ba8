// The kernels of pixel measures, in AssemblyScript: `npm run kernels` compiles them into ../kernels.wasm.ts.
export { blockDifference } from './block-difference.js';
export { boxDifference } from './box-difference.js';
export { brenner } from './brenner.js';
export { laplacian } from './laplacian.js';
export { sumOfSamples, sumOfSquares } from './sums.js';
export { tenengrad } from './tenengrad.js';
