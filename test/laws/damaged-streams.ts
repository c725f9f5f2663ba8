// The law of every decoder: a damaged stream is refused, or gives the same samples each time, whatever was decoded before it.
import fc from 'fast-check';
import { expect } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import { arbitraryDamage } from '../arbitraries/damage.js';

export type Decoding = {
  /** Two sound streams of the same size and other samples. */
  readonly streams: readonly [Uint8Array, Uint8Array];
  /** `before` lies in any memory that the caller hands over. */
  readonly decode: (stream: Uint8Array, before: number) => Promise<ArrayBufferView>;
  /** What errors it may end with. */
  readonly refuses: (error: unknown) => boolean;
};

/** Runs the law. */
export async function decodesAlikeOrRefuses({ streams, decode, refuses }: Decoding, numRuns: number): Promise<void> {
  const outcome = async (stream: Uint8Array, before: number) => {
    try {
      const { buffer, byteOffset, byteLength } = await decode(stream, before);
      return Buffer.from(Uint8Array.from(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)).buffer).toString(
        'base64',
      );
    } catch (error) {
      if (!refuses(error)) throw error;
      return 'refused';
    }
  };
  const sound = await Promise.all(streams.map((stream) => outcome(stream, 0)));
  expect(sound).not.toContain('refused');
  await fc.assert(
    fc.asyncProperty(arbitraryDamage(), async (damage) => {
      const damaged = damage(streams[0]);
      const given = Buffer.from(damaged);
      const first = await outcome(damaged, 0);
      // Other samples, and other streams, lie in the decoder's memory now.
      expect(await outcome(streams[1], 77)).toBe(sound[1]);
      expect(await outcome(damaged, 255)).toBe(first);
      expect(await outcome(streams[0], 3)).toBe(sound[0]);
      expect(await outcome(damaged, 170)).toBe(first);
      expect(Buffer.compare(given, damaged)).toBe(0);
    }),
    { numRuns },
  );
}

export function isRefusal(error: unknown): boolean {
  return isSlideError(error, 'damaged', 'unsupported');
}
