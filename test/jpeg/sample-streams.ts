// JPEG streams of every kind to test on, made by several encoders from one seeded texture.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jpegTurbo from '@julusian/jpeg-turbo';
import sharp from 'sharp';
import { hasProgram } from '../../experiments/harness/fixtures/programs.js';
import { concatenate } from '../../src/jpeg/tables.js';

export type Pixels = {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
};

/** Smooth blobs, edges and noise: blocks with many coefficients beside blocks with none. `detail` 0 to 1. */
export function texture(width: number, height: number, channels: 1 | 3, seed: number, detail = 0.5): Pixels {
  const data = new Uint8Array(width * height * channels);
  let state = seed >>> 0 || 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const waves = Array.from({ length: 4 }, () => ({
    fx: (random() - 0.5) * detail,
    fy: (random() - 0.5) * detail,
    phase: random() * 7,
    colour: [random(), random(), random()],
  }));
  const calmUntil = random() * width;
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const noise = x < calmUntil ? 0 : (random() - 0.5) * 90 * detail;
      for (let c = 0; c < channels; c++) {
        let value = 128 + noise;
        for (const { fx, fy, phase, colour } of waves)
          value += 60 * colour[c] * Math.sign(Math.sin(fx * x + fy * y + phase));
        data[at++] = Math.max(0, Math.min(255, value));
      }
    }
  }
  return { width, height, channels, data };
}

export type Sampling = '420' | '422' | '440' | '444' | '411' | 'grey' | 'rgb';

export const samplings: readonly Sampling[] = ['420', '422', '440', '444', '411', 'grey', 'rgb'];

const cjpegSampling = {
  '420': '2x2',
  '422': '2x1',
  '440': '1x2',
  '444': '1x1',
  '411': '4x1',
  grey: '1x1',
  rgb: '1x1',
} as const;

export type CjpegOptions = {
  readonly quality: number;
  readonly sampling: Sampling;
  /** Sampling factors of each component, as cjpeg takes them, in place of those of `sampling`. */
  readonly factors?: string;
  /** MCUs between restart markers; 0: none. */
  readonly restart?: number;
  readonly optimize?: boolean;
  readonly process?: 'baseline' | 'progressive' | 'arithmetic';
};

/** libjpeg's programs, to encode, decode and change streams in ways that others don't offer. */
export const libjpeg = ['cjpeg', 'djpeg', 'jpegtran'] as const;
export const hasCjpeg = libjpeg.every(hasProgram);

/** Encodes with libjpeg's cjpeg. */
export function cjpeg(pixels: Pixels, options: CjpegOptions): Uint8Array {
  const { quality, sampling, factors = cjpegSampling[sampling], restart = 0, optimize = false } = options;
  const { process = 'baseline' } = options;
  const colour = sampling === 'grey' ? ['-grayscale'] : sampling === 'rgb' ? ['-rgb'] : [];
  const args = ['-quality', `${quality}`, '-sample', factors, ...colour];
  if (restart > 0) args.push('-restart', `${restart}B`);
  if (optimize) args.push('-optimize');
  if (process !== 'baseline') args.push(`-${process}`);
  return run('cjpeg', args, netpbm(pixels));
}

/** Runs libjpeg's jpegtran, which changes a stream without decoding its coefficients. */
export function jpegtran(bytes: Uint8Array, ...args: string[]): Uint8Array {
  return run('jpegtran', args, bytes);
}

/** Decodes with libjpeg's djpeg, each chroma sample standing for its whole block of pixels (no blending with neighbours). */
export function djpeg(bytes: Uint8Array): Pixels {
  const pnm = run('djpeg', ['-nosmooth', '-pnm'], bytes);
  const [header, kind, width, height] =
    /^P([56])\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(pnm.subarray(0, 40)).toString('latin1')) ?? [];
  if (!header) throw new Error('expected a PGM or PPM of djpeg');
  return {
    width: Number(width),
    height: Number(height),
    channels: kind === '5' ? 1 : 3,
    data: pnm.subarray(header.length),
  };
}

/** The stream with a scan for each of its three components, by jpegtran, which wants the script as a file. */
export function inSeparateScans(bytes: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'zflat-scans-'));
  try {
    writeFileSync(join(folder, 'scans'), '0; 1; 2;');
    return jpegtran(bytes, '-scans', join(folder, 'scans'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Encodes with libjpeg-turbo, which writes the tables of T.81, annex K; 4:1:1 and RGB it does not offer. */
export function turbo(pixels: Pixels, quality: number, sampling: '420' | '422' | '440' | '444' | 'grey'): Uint8Array {
  const { width, height, channels, data } = pixels;
  const { SAMP_420, SAMP_422, SAMP_440, SAMP_444, SAMP_GRAY } = jpegTurbo;
  const subsampling = { '420': SAMP_420, '422': SAMP_422, '440': SAMP_440, '444': SAMP_444, grey: SAMP_GRAY }[sampling];
  const format = channels === 1 ? jpegTurbo.FORMAT_GRAY : jpegTurbo.FORMAT_RGB;
  return new Uint8Array(jpegTurbo.compressSync(Buffer.from(data), { width, height, format, quality, subsampling }));
}

/** The first component (luma, or the only one) as libjpeg-turbo decodes it. */
export function turboLuma(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(jpegTurbo.decompressSync(Buffer.from(bytes), { format: jpegTurbo.FORMAT_GRAY }).data);
}

/** RGB as libjpeg-turbo decodes it (with its fast DCT: up to 3 off other decoders). */
export function turboPixels(bytes: Uint8Array): Pixels {
  const { data, width, height } = jpegTurbo.decompressSync(Buffer.from(bytes), { format: jpegTurbo.FORMAT_RGB });
  return { width, height, channels: 3, data: new Uint8Array(data) };
}

/** Encodes with mozjpeg as sharp brings it: optimised tables, trellis quantisation, baseline. */
export async function mozjpeg(
  pixels: Pixels,
  quality: number,
  chromaSubsampling: '4:2:0' | '4:4:4',
): Promise<Uint8Array> {
  const { width, height, channels, data } = pixels;
  const encoded = await sharp(data, { raw: { width, height, channels } })
    .jpeg({
      quality,
      chromaSubsampling,
      optimiseCoding: true,
      trellisQuantisation: true,
      overshootDeringing: true,
      quantisationTable: 3,
    })
    .toBuffer();
  return new Uint8Array(encoded);
}

/** The stream split as a TIFF stores it: tables (DQT and DHT) apart, and the rest. */
export function abbreviate(bytes: Uint8Array): { readonly tables: Uint8Array; readonly bytes: Uint8Array } {
  const shared: Uint8Array[] = [];
  const kept: Uint8Array[] = [];
  let at = 2;
  while (bytes[at + 1] !== 0xda) {
    const end = at + 2 + 256 * bytes[at + 2] + bytes[at + 3];
    (bytes[at + 1] === 0xdb || bytes[at + 1] === 0xc4 ? shared : kept).push(bytes.subarray(at, end));
    at = end;
  }
  const soi = Uint8Array.of(0xff, 0xd8);
  const eoi = Uint8Array.of(0xff, 0xd9);
  return { tables: concatenate([soi, ...shared, eoi]), bytes: concatenate([soi, ...kept, bytes.subarray(at)]) };
}

function netpbm({ width, height, channels, data }: Pixels): Uint8Array {
  return concatenate([Buffer.from(`P${channels === 1 ? 5 : 6}\n${width} ${height}\n255\n`), data]);
}

function run(program: string, args: string[], input: Uint8Array): Uint8Array {
  return new Uint8Array(execFileSync(program, args, { input, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] }));
}
