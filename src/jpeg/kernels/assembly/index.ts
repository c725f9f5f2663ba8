// The kernels of the entropy core, in AssemblyScript: `npm run kernels` compiles them into ../kernels.wasm.ts. They do what the
// TypeScript of the same names does, and only say that they refuse what that explains.
export { indexScan } from './index-scan.js';
export { buildCoefficients, buildLookups } from './lookups.js';
export { spliceScan } from './splice-scan.js';
export { sumBlocks } from './sum-blocks.js';
export { unstuffScan } from './unstuff-scan.js';
