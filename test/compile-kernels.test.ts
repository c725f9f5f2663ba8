import { expect, it } from 'vitest';
import { committedKernels, compileKernels, kernelFolders } from './compile-kernels.js';

it.each(kernelFolders)('the kernels of %s should always be those of the sources beside them', async (folder) => {
  expect(committedKernels(folder)).toBe(await compileKernels(folder));
});
