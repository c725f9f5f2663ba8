// Arbitrary JPEG streams: tiles of several planes that an encoder wrote with one set of options.
import fc from 'fast-check';
import { abbreviate, type CjpegOptions, cjpeg, hasCjpeg, samplings, texture, turbo } from './sample-streams.js';

/** Streams of equal size, sampling and quantisation; abbreviated ones with their shared tables. */
export type Stack = {
  readonly tiles: readonly { readonly bytes: Uint8Array; readonly tables: Uint8Array | undefined }[];
  readonly options: CjpegOptions;
};

const sizes = fc.record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 70 }) });

/** libjpeg-turbo's streams; among the services cjpeg's, which have restart markers, 4:1:1, RGB and optimised tables besides. */
const options: fc.Arbitrary<CjpegOptions> = hasCjpeg
  ? fc.record({
      quality: fc.constantFrom(5, 30, 60, 80, 95, 100),
      sampling: fc.constantFrom(...samplings),
      restart: fc.constantFrom(0, 0, 0, 1, 2, 3, 7),
      optimize: fc.boolean(),
    })
  : fc.record({
      quality: fc.constantFrom(30, 60, 80, 95, 100),
      sampling: fc.constantFrom('420', '422', '440', '444', 'grey'),
    });

/** Stacks of `planes` tiles. */
export function stacks(planes: number): fc.Arbitrary<Stack> {
  return fc
    .record({
      size: sizes,
      options,
      seed: fc.integer({ min: 1, max: 1 << 20 }),
      abbreviated: fc.boolean(),
      detail: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ size: { width, height }, options, seed, abbreviated, detail }) => {
      const tiles = Array.from({ length: planes }, (_, plane) => {
        const pixels = texture(width, height, options.sampling === 'grey' ? 1 : 3, seed + 977 * plane, detail);
        return encode(pixels, options);
      });
      return {
        options,
        tiles: tiles.map((bytes) => (abbreviated ? abbreviate(bytes) : { bytes, tables: undefined })),
      };
    });
}

function encode(pixels: Parameters<typeof cjpeg>[0], options: CjpegOptions): Uint8Array {
  if (hasCjpeg) return cjpeg(pixels, options);
  return turbo(pixels, options.quality, options.sampling as '420' | '422' | '440' | '444' | 'grey');
}
