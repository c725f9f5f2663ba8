// Compiles the kernels of src/**/kernels/assembly. Run by itself (`npm run kernels`), it renews the modules that are committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const sources = fileURLToPath(new URL('../src', import.meta.url));
/** Folders of `src` that have kernels. */
export const kernelFolders = ['focus', 'jpeg'] as const;
type KernelFolder = (typeof kernelFolders)[number];
const kernelsOf = (folder: KernelFolder) => join(sources, folder, 'kernels');
const compiled = 'index.wasm';
const options = ['--outFile', compiled, '--runtime', 'stub', '--noAssert', '--enable', 'simd', '-O3', '--converge'];

/** The source file that holds the module of a folder. */
export async function compileKernels(folder: KernelFolder): Promise<string> {
  let bytes = new Uint8Array();
  const { error, stderr } = await asc.main(['index.ts', ...options, '--baseDir', join(kernelsOf(folder), 'assembly')], {
    readFile: (name, base) => {
      try {
        // Imports name the file they become, the compiler adds the ending of its sources.
        return readFileSync(join(base, name.replace(/\.js(\.ts)$/, '$1')), 'utf8');
      } catch {
        // The compiler looks for a module under several names.
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name === compiled) bytes = Uint8Array.from(contents as Uint8Array);
    },
    listFiles: () => null,
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,110}/g) ?? [];
  const text = lines.map((line) => `  '${line}',`).join('\n');
  return `// Compiled from assembly/ by \`npm run kernels\`: WebAssembly, in base64.
// biome-ignore format: as it is generated
export const kernelsModule = [
${text}
].join('');
`;
}

/** The source file as it is. */
export function committedKernels(folder: KernelFolder): string {
  return readFileSync(moduleOf(folder), 'utf8');
}

function moduleOf(folder: KernelFolder): string {
  return join(kernelsOf(folder), 'kernels.wasm.ts');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of kernelFolders) writeFileSync(moduleOf(folder), await compileKernels(folder));
}
