// Kernels: small WebAssembly modules that come as text with the sources, and need nothing from outside.

/** Makes a module from its base64. Undefined on processors without SIMD: then the plain TypeScript does the work. */
export function loadKernels<Exports extends object>(base64: string): Exports | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (!WebAssembly.validate(bytes)) return undefined;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports;
}

const pageBytes = 65_536;

/** Grows a memory to at least so many bytes; its earlier views are lost where it was smaller. */
export function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}
