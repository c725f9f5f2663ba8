// Decoded pixels: samples of a pixel side by side, rows from the top, no padding.
import type { Rect, Size } from './geometry.js';

/** The type of one sample. */
export type SampleType = 'uint8' | 'int8' | 'uint16' | 'int16';

/** What a pixel is made of: one grey sample, or red, green and blue (of 8 bits). */
export type PixelFormat = {
  readonly channels: 1 | 3;
  readonly sample: SampleType;
};

export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** `data` holds width x height x channels samples. */
export type Raster = Size & PixelFormat & { readonly data: Samples };

/** Luminance, one unsigned sample a pixel: width x height. */
export type Luma = Size & { readonly data: Uint8Array | Uint16Array };

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
} as const;

/** An array of `length` zeros of the sample type. */
export function allocateSamples(sample: SampleType, length: number): Samples {
  return new arrays[sample](length);
}

/** The bytes (in this machine's order) seen as samples; copied where they do not lie on a sample's boundary. */
export function samplesOf(sample: SampleType, bytes: Uint8Array): Samples {
  const size = bytesPerSample(sample);
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new arrays[sample](aligned.buffer as ArrayBuffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}

/** The samples seen as bytes, not copied. */
export function bytesOf(samples: Samples): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** 1 or 2. */
export function bytesPerSample(sample: SampleType): 1 | 2 {
  return sample === 'uint8' || sample === 'int8' ? 1 : 2;
}

/** Least and greatest value of the sample type. */
export function sampleRange(sample: SampleType): {
  readonly min: number;
  readonly max: number;
} {
  const bits = 8 * bytesPerSample(sample);
  return sample.startsWith('u')
    ? { min: 0, max: 2 ** bits - 1 }
    : { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}

/** A raster with every sample at `value`. */
export function filledRaster({ width, height }: Size, { channels, sample }: PixelFormat, value: number): Raster {
  return { width, height, channels, sample, data: allocateSamples(sample, width * height * channels).fill(value) };
}

/** Copies the rectangle `from` of `source` to position x, y of `target`; both must hold it, formats must be equal. */
export function pasteRaster(target: Raster, x: number, y: number, source: Raster, from: Rect): void {
  const { channels } = target;
  for (let line = 0; line < from.height; line++) {
    const start = ((from.y + line) * source.width + from.x) * channels;
    const row = source.data.subarray(start, start + from.width * channels);
    target.data.set(row, ((y + line) * target.width + x) * channels);
  }
}

/** The raster cut to `rect`, which it must hold. */
export function cropRaster(raster: Raster, rect: Rect): Raster {
  if (rect.x === 0 && rect.y === 0 && rect.width === raster.width && rect.height === raster.height) return raster;
  const cut = filledRaster(rect, raster, 0);
  pasteRaster(cut, 0, 0, raster, rect);
  return {
    width: rect.width,
    height: rect.height,
    channels: raster.channels,
    sample: raster.sample,
    data: cut.data,
  };
}

/** The raster enlarged to `size` by repeating its last column and row: what encoders expect beyond a slide's edge. */
export function padRaster(raster: Raster, size: Size): Raster {
  if (raster.width === size.width && raster.height === size.height) return raster;
  const { channels, width, height } = raster;
  const padded = filledRaster(size, raster, 0);
  pasteRaster(padded, 0, 0, raster, { x: 0, y: 0, width, height });
  const { data } = padded;
  const stride = size.width * channels;
  for (let y = 0; y < height; y++) {
    const last = y * stride + (width - 1) * channels;
    for (let i = last + channels; i < (y + 1) * stride; i++) data[i] = data[i - channels];
  }
  for (let y = height; y < size.height; y++) data.copyWithin(y * stride, (height - 1) * stride, height * stride);
  return padded;
}

/** Half the size, each pixel the rounded mean of the (up to) four below it. */
export function halveRaster(raster: Raster): Raster {
  const { width, height, channels, data } = raster;
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const half = filledRaster({ width: halfWidth, height: halfHeight }, raster, 0);
  let to = 0;
  for (let y = 0; y < halfHeight; y++) {
    const top = 2 * y * width;
    const bottom = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < halfWidth; x++) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      for (let c = 0; c < channels; c++) {
        const sum =
          data[(top + left) * channels + c] +
          data[(top + right) * channels + c] +
          data[(bottom + left) * channels + c] +
          data[(bottom + right) * channels + c];
        half.data[to++] = (sum + 2) >> 2;
      }
    }
  }
  return half;
}

/** Luminance of a raster (ITU-R BT.601 weights in 1/256); signed grey is shifted to start at 0. */
export function lumaOf(raster: Raster): Luma {
  const { width, height, channels, data, sample } = raster;
  if (data instanceof Int8Array || data instanceof Int16Array) {
    const { min } = sampleRange(sample);
    const shifted = data instanceof Int8Array ? new Uint8Array(data.length) : new Uint16Array(data.length);
    for (let i = 0; i < data.length; i++) shifted[i] = data[i] - min;
    return { width, height, data: shifted };
  }
  if (channels === 1) return { width, height, data };
  const luma = new Uint8Array(width * height);
  for (let i = 0, from = 0; i < luma.length; i++, from += 3) {
    luma[i] = (77 * data[from] + 150 * data[from + 1] + 29 * data[from + 2] + 128) >> 8;
  }
  return { width, height, data: luma };
}
