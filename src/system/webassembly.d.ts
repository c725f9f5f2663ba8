// The little of WebAssembly that is used: the types of Node 20 have none of it, and those of browsers would bring a window with them.
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KB; views of the memory are lost. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
  function validate(bytes: Uint8Array): boolean;
}
