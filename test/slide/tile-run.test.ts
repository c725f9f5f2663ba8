import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileBytes, TileRun } from '../../src/slide/tile-run.js';

const files = [1, 2].map((seed) => Uint8Array.from({ length: 500 }, (_, i) => (i * 37 * seed + (i >> 3)) & 255));

type Reading = { readonly file: FileBytes; readonly reads: (readonly [number, number])[] };

/** Reads of a file that are counted; every third has to be waited for. */
function counted(
  bytes: Uint8Array,
  scheduler: fc.Scheduler,
  fails: (offset: number) => boolean = () => false,
): Reading {
  const reads: (readonly [number, number])[] = [];
  const readInto: FileBytes['readInto'] = (target, offset) => {
    reads.push([offset, target.length]);
    const read = () => {
      if (fails(offset)) throw new Error(`no byte ${offset}`);
      target.set(bytes.subarray(offset, offset + target.length));
    };
    if (reads.length % 3 > 0) {
      read();
      return undefined;
    }
    return scheduler.schedule(Promise.resolve(), `byte ${offset}`).then(read);
  };
  return { file: { readInto }, reads };
}

const arbitraryPieces = fc.array(
  fc.record({ which: fc.nat(1), offset: fc.nat(400), length: fc.integer({ min: 1, max: 100 }), next: fc.boolean() }),
  { maxLength: 20 },
);

describe('TileRun', () => {
  it('should always put the bytes of its tiles one behind the other, and read neighbours together', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPieces, fc.scheduler(), async (pieces, scheduler) => {
        const readings = files.map((bytes) => counted(bytes, scheduler));
        const run = new TileRun();
        const expected: Uint8Array[] = [];
        let joined = 0;
        let last = { which: -1, end: 0 };
        for (const { which, offset, length, next } of pieces) {
          // Now and then where the last one ended
          const at = next && last.end + length <= 500 ? last.end : offset;
          run.add({ file: readings[which].file, offset: at, length });
          expected.push(files[which].subarray(at, at + length));
          if (last.which === which && last.end === at) joined++;
          last = { which, end: at + length };
        }
        const target = Buffer.alloc(run.bytes + 5, 1);
        await scheduler.waitFor(run.readInto(target));
        expect(run.lengths).toEqual(pieces.map(({ length }) => length));
        expect(target.equals(Buffer.concat([...expected, Buffer.alloc(5, 1)]))).toBe(true);
        expect(readings[0].reads.length + readings[1].reads.length).toBe(pieces.length - joined);
      }),
    );
  });

  it('should never be done while something is still read into its target, even if it fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(11), fc.scheduler(), async (bad, scheduler) => {
        const { file } = counted(files[0], scheduler, (offset) => offset === 40 * bad);
        const run = new TileRun();
        for (let i = 0; i < 12; i++) run.add({ file, offset: 40 * i, length: 10 });
        const target = Buffer.alloc(run.bytes);
        await expect(scheduler.waitFor(run.readInto(target))).rejects.toThrow(`no byte ${40 * bad}`);
        const after = Buffer.from(target);
        await scheduler.waitIdle();
        expect(target.equals(after)).toBe(true);
      }),
    );
  });
});
