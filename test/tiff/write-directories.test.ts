import fc from 'fast-check';
import { fromArrayBuffer, type GeoTIFF } from 'geotiff';
import { describe, expect, it } from 'vitest';
import {
  type DirectoryDraft,
  type DirectoryEntry,
  header,
  headerLength,
  writeDirectories,
} from '../../src/tiff/write-directories.js';
import { arbitraryDrafts } from '../arbitraries/directories.js';

const subIfds = 330;

/** A file of `gap` bytes of pixels, then the directories. */
function fileOf(drafts: readonly DirectoryDraft[], big: boolean, gap: number): Buffer {
  const start = Math.ceil((headerLength(big) + gap) / 8) * 8;
  const { bytes, first } = writeDirectories(drafts, start, big);
  const padding = Buffer.alloc(start - headerLength(big), 0xa5);
  return Buffer.concat([header(big, first), padding, bytes]);
}

/** What geotiff reads of a directory, by tag. */
async function readBack(tiff: GeoTIFF, offset: number) {
  const directory = await tiff.parser.parseFileDirectoryAt(offset);
  return {
    next: Number(directory.nextIFDByteOffset),
    value: async (tag: number) =>
      (directory.hasTag(tag as never) ? directory.loadValue(tag as never) : undefined) as unknown,
  };
}

/** Values as geotiff gives them: text without its NUL, single numbers bare. */
function expected({ values }: DirectoryEntry): unknown {
  if (typeof values === 'string') return values;
  return values.length === 1 ? values[0] : Array.from(values);
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\0$/, '');
  return typeof value === 'number' ? value : Array.from(value as ArrayLike<number>, Number);
}

describe.each([
  { big: false, name: 'classic TIFF' },
  { big: true, name: 'BigTIFF' },
])('$name directories', ({ big }) => {
  it('should always be read back by geotiff as they were drafted', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDrafts(big), fc.nat(100), async (drafts, gap) => {
        const file = fileOf(drafts, big, gap);
        const tiff = await fromArrayBuffer(new Uint8Array(file).buffer);
        tiff.parser.eager = true;
        const chain: number[] = [];
        for (let at = tiff.firstIFDOffset; at !== 0; at = (await readBack(tiff, at)).next) chain.push(at);
        const inChain = drafts.filter(({ inMainChain }) => inMainChain);
        expect(chain).toHaveLength(inChain.length);
        const check = async (draft: DirectoryDraft, offset: number) => {
          const { value } = await readBack(tiff, offset);
          for (const entry of draft.entries) {
            const found = plain(await value(entry.tag));
            // Of several rationals, geotiff 3.0.5 reads the first alone.
            if (entry.type === 'rational')
              expect((found as number[]).slice(0, 2)).toEqual(
                Array.from(entry.values as ArrayLike<number>).slice(0, 2),
              );
            else expect(found).toEqual(expected(entry));
          }
        };
        for (const [i, draft] of inChain.entries()) await check(draft, chain[i]);
        const found = await (await readBack(tiff, chain[0])).value(subIfds);
        const subs = found === undefined ? [] : [plain(found)].flat().map(Number);
        const linked = drafts[0].subDirectories ?? [];
        expect(subs).toHaveLength(linked.length);
        for (const [i, index] of linked.entries()) {
          await check(drafts[index], subs[i]);
          // Linked from both sides: one directory, not two.
          if (drafts[index].inMainChain) expect(chain).toContain(subs[i]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('should always sort entries, align directories and values, and overlap nothing', () => {
    fc.assert(
      fc.property(arbitraryDrafts(big), fc.nat(100), (drafts, gap) => {
        const file = fileOf(drafts, big, gap);
        const used: { from: number; to: number }[] = [];
        for (const offset of directoryOffsets(file, big)) {
          const { tags, ranges, end } = walk(file, offset, big);
          expect(offset % (big ? 8 : 2)).toBe(0);
          expect(tags).toEqual([...tags].sort((a, b) => a - b));
          for (const { from } of ranges) expect(from % (big ? 8 : 2)).toBe(0);
          used.push({ from: offset, to: end }, ...ranges);
        }
        used.sort((a, b) => a.from - b.from);
        for (const [i, { to }] of used.entries()) expect(to).toBeLessThanOrEqual(used[i + 1]?.from ?? file.length);
      }),
      { numRuns: 60 },
    );
  });
});

it('should always write offsets beyond 4 GB in BigTIFF', async () => {
  const offsets = [2 ** 32 + 5, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER];
  const file = fileOf([{ entries: [{ tag: 65_001, type: 'long8', values: offsets }], inMainChain: true }], true, 0);
  const tiff = await fromArrayBuffer(new Uint8Array(file).buffer);
  expect(plain(await (await readBack(tiff, tiff.firstIFDOffset)).value(65_001))).toEqual(offsets);
});

const typeSize: Record<number, number> = { 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 16: 8, 18: 8 };

/** Offsets of all directories: the chain and what tag SubIFDs points at, read byte by byte. */
function directoryOffsets(file: Buffer, big: boolean): Set<number> {
  const found = new Set<number>();
  const first = big ? Number(file.readBigUInt64LE(8)) : file.readUInt32LE(4);
  for (let at = first; at !== 0; ) {
    found.add(at);
    const { next, subs } = walk(file, at, big);
    for (const sub of subs) found.add(sub);
    at = next;
  }
  return found;
}

function walk(file: Buffer, offset: number, big: boolean) {
  const word = (at: number) => (big ? Number(file.readBigUInt64LE(at)) : file.readUInt32LE(at));
  const size = big ? 20 : 12;
  const count = big ? Number(file.readBigUInt64LE(offset)) : file.readUInt16LE(offset);
  const tags: number[] = [];
  const ranges: { from: number; to: number }[] = [];
  const subs: number[] = [];
  const table = offset + (big ? 8 : 2);
  for (let at = table; at < table + size * count; at += size) {
    const tag = file.readUInt16LE(at);
    const values = word(at + 4);
    const length = values * typeSize[file.readUInt16LE(at + 2)];
    const valueAt = at + (big ? 12 : 8);
    const inline = length <= (big ? 8 : 4);
    if (!inline) ranges.push({ from: word(valueAt), to: word(valueAt) + length });
    tags.push(tag);
    const from = inline ? valueAt : word(valueAt);
    if (tag === subIfds) for (let i = 0; i < values; i++) subs.push(word(from + i * (big ? 8 : 4)));
  }
  const end = table + size * count + (big ? 8 : 4);
  return { tags, ranges, subs, next: word(end - (big ? 8 : 4)), end };
}
