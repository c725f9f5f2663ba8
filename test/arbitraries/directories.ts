// TIFF directories of any entries, and the links between them.
import fc from 'fast-check';
import type { DirectoryDraft, DirectoryEntry, FieldType } from '../../src/tiff/write-directories.js';

/** Tags that no parser gives a meaning or an array type of its own. */
const privateTag = fc.integer({ min: 65_000, max: 65_300 });

const ranges: Record<Exclude<FieldType, 'ascii' | 'rational'>, number> = {
  short: 2 ** 16 - 1,
  long: 2 ** 32 - 1,
  undefined: 255,
  // Offsets of files of up to 8 PB: as far as numbers are exact.
  long8: Number.MAX_SAFE_INTEGER,
  ifd8: Number.MAX_SAFE_INTEGER,
};

function arbitraryValues(type: FieldType): fc.Arbitrary<ArrayLike<number> | string> {
  if (type === 'ascii')
    return fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replaceAll('\0', ' '));
  const max = type === 'rational' ? ranges.long : ranges[type];
  const value = fc.oneof(
    fc.integer({ min: 0, max: Math.min(max, 300) }),
    fc.maxSafeNat().map((n) => n % (max + 1)),
    fc.constant(max),
  );
  const values = fc.array(value, { minLength: 1, maxLength: 20 });
  return type === 'rational' ? values.map((numbers) => [...numbers, ...numbers]) : values;
}

/** Entries of different tags; types of 64 bits in BigTIFF alone. */
export function arbitraryEntries(big: boolean): fc.Arbitrary<DirectoryEntry[]> {
  const types: FieldType[] = ['ascii', 'short', 'long', 'rational', 'undefined', ...(big ? (['long8'] as const) : [])];
  const entry = fc
    .constantFrom(...types)
    .chain((type) => fc.record({ tag: privateTag, type: fc.constant(type), values: arbitraryValues(type) }));
  return fc.uniqueArray(entry, { selector: ({ tag }) => tag, maxLength: 12 });
}

/** One to six directories: the first and some others in the main chain, the rest as SubIFDs of the first. */
export function arbitraryDrafts(big: boolean): fc.Arbitrary<DirectoryDraft[]> {
  const draft = fc.record({ entries: arbitraryEntries(big), inMainChain: fc.boolean(), sub: fc.boolean() });
  return fc.tuple(arbitraryEntries(big), fc.array(draft, { maxLength: 5 })).map(([entries, others]) => {
    const subDirectories = others.flatMap(({ sub }, i) => (sub ? [i + 1] : []));
    return [{ entries, subDirectories, inMainChain: true }, ...others.map(({ sub: _, ...rest }) => rest)];
  });
}
