// Ways in which a compressed stream goes wrong on its way.
import fc from 'fast-check';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';

/** Bytes at the front, where streams tell of lengths. */
const headerBytes = 24;

/** Changes a stream: random bytes, cut short, bits flipped, a number in its header wrong, a part of it moved. */
export function arbitraryDamage(): fc.Arbitrary<(whole: Uint8Array) => Uint8Array> {
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const place = (share: number, length: number) => Math.floor(share * length);
  const random = fc
    .tuple(fc.nat(300), fc.nat())
    .map(([length, seed]) => told(`random ${length} ${seed}`, () => noise(length, seed)));
  const cut = at.map((share) => told(`cut ${share}`, (whole) => whole.slice(0, place(share, whole.length))));
  const flips = fc.array(fc.tuple(at, fc.nat(7)), { minLength: 1, maxLength: 4 }).map((bits) =>
    told(`flips ${JSON.stringify(bits)}`, (whole) => {
      const bytes = Uint8Array.from(whole);
      for (const [share, bit] of bits) bytes[place(share, bytes.length)] ^= 1 << bit;
      return bytes;
    }),
  );
  const value = fc.oneof(fc.constantFrom(0, 1, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff), fc.nat(0xffff_ffff));
  const lengths = fc
    .tuple(fc.nat(headerBytes), value, fc.constantFrom(1, 2, 4), fc.boolean())
    .map(([to, number, width, little]) =>
      told(`number ${to} ${number} ${width} ${little}`, (whole) => {
        const bytes = Buffer.from(whole);
        if (to + width > bytes.length) return bytes;
        const written = number % 2 ** (8 * width);
        if (little) bytes.writeUIntLE(written, to, width);
        else bytes.writeUIntBE(written, to, width);
        return bytes;
      }),
    );
  const moved = fc.tuple(at, at, fc.nat(40)).map(([from, to, length]) =>
    told(`moved ${from} ${to} ${length}`, (whole) => {
      const bytes = Uint8Array.from(whole);
      bytes.copyWithin(place(to, bytes.length), place(from, bytes.length), place(from, bytes.length) + length);
      return bytes;
    }),
  );
  return fc.oneof(random, cut, flips, flips, lengths, moved);
}

function noise(length: number, seed: number): Uint8Array {
  const random = seeded(seed);
  return Uint8Array.from({ length }, () => 256 * random());
}

/** Counterexamples print what was done. */
function told(what: string, damage: (whole: Uint8Array) => Uint8Array) {
  return Object.defineProperty(damage, fc.toStringMethod, { value: () => what });
}
