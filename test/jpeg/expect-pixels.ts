// Own coefficients held against the pixels of another decoder.
import sharp from 'sharp';
import { expect } from 'vitest';
import { decodeCoefficients } from '../../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../../src/jpeg/header.js';
import { withAdobeMarker } from '../../src/jpeg/tables.js';
import { samplesOfComponent } from './reference-idct.js';

/** Compares own pixels of the first components with libjpeg's, whose colour conversion an Adobe marker switches off. */
export async function expectOwnPixels(stream: Uint8Array, components: number): Promise<void> {
  const header = parseJpegHeader(stream);
  const grey = header.components.length === 1;
  const decoded = await sharp(grey ? stream : withoutColour(stream))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = decoded.info;
  const coefficients = decodeCoefficients(stream, header);
  let worst = 0;
  for (let c = 0; c < components; c++) {
    const samples = samplesOfComponent(coefficients, header, c);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const sample = Math.max(0, Math.min(255, samples.data[y * samples.width + x]));
        worst = Math.max(worst, Math.abs(sample - decoded.data[(y * width + x) * channels + c]));
      }
    }
  }
  // half a step by rounding, and half by libjpeg's integer transform
  expect(worst).toBeLessThanOrEqual(1);
}

function withoutColour(stream: Uint8Array): Uint8Array {
  const { adobeTransform } = parseJpegHeader(stream);
  return adobeTransform === undefined ? withAdobeMarker(stream, 0) : stream;
}
