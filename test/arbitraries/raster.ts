// Pictures of any size, kind and content.
import fc from 'fast-check';
import { emptyRaster, seeded, sharpPicture } from '../../experiments/harness/fixtures/pictures.js';
import { type Luma, lumaOf, type PixelFormat, type Raster, type SampleType } from '../../src/slide/raster.js';

export const pixelFormats: readonly PixelFormat[] = [
  { channels: 3, sample: 'uint8' },
  ...(['uint8', 'int8', 'uint16', 'int16'] as const).map((sample: SampleType) => ({ channels: 1, sample }) as const),
];

/** Noise over the whole range, a texture, or one value. Sides 1 to `longest` (included). */
export function arbitraryRaster(format: PixelFormat, longest = 24): fc.Arbitrary<Raster> {
  const side = fc.integer({ min: 1, max: longest });
  const kind = fc.constantFrom('noise', 'texture', 'even');
  return fc.tuple(side, side, kind, fc.nat(1000)).map(([width, height, content, seed]) => {
    const size = { width, height };
    if (content === 'texture') return told(sharpPicture(size, format, seed), content, seed);
    const raster = emptyRaster(size, format);
    const random = seeded(seed);
    // Samples wrap around into their type.
    for (let i = 0; i < raster.data.length; i++) raster.data[i] = content === 'even' ? seed : random() * 65_536;
    return told(raster, content, seed);
  });
}

/** Counterexamples print what a raster is, not all its samples. */
function told(raster: Raster, content: string, seed: number): Raster {
  const { width, height, channels, sample } = raster;
  const value = () => `${content} ${seed}: ${width} x ${height}, ${channels} x ${sample}`;
  return Object.defineProperty(raster, fc.toStringMethod, { value });
}

/** The luminance of a picture of 8 or 16 bits; see arbitraryRaster. */
export function arbitraryLuma(longest = 24): fc.Arbitrary<Luma> {
  return fc
    .constantFrom(...pixelFormats)
    .chain((format) => arbitraryRaster(format, longest))
    .map(lumaOf);
}
