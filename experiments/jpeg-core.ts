// How long does the JPEG entropy core take for a tile, beside decoding and encoding it with libjpeg-turbo and sharp?
//
// Tiles are synthetic and seeded: octaves of value noise, blurred a little differently on each of three planes, 4:2:0, with the tables of
// T.81, annex K; their contrast is chosen so that a scan has 4 or 14 KB. One thread. A round handles all tiles of a kind once; after
// warm-up, the fastest and the median round count.
import jpegTurbo from '@julusian/jpeg-turbo';
import sharp from 'sharp';
import { svgFile } from '../src/drawing/plot/drawing.js';
import { coefficientMeasures } from '../src/focus/focus-measure.js';
import { blockFocus } from '../src/jpeg/block-focus.js';
import { decodeCoefficients } from '../src/jpeg/decode-coefficients.js';
import { parseJpegHeader } from '../src/jpeg/header.js';
import { indexScan } from '../src/jpeg/index-scan.js';
import { JpegTile } from '../src/jpeg/jpeg-tile.js';
import { quiltTile } from '../src/jpeg/quilt-tile.js';
import { verifyQuilt } from '../src/jpeg/verify-quilt.js';
import { barChart } from './harness/draw/bar-chart.js';
import { panels } from './harness/draw/panels.js';
import { type Experiment, table } from './harness/experiment.js';
import { encodeCoefficients } from './harness/fixtures/encode-coefficients.js';

const side = 256;
const planes = 3;
/** libjpeg-turbo's header with the tables of annex K. */
const headerBytes = 623;
const stackCount = 8;
const warmUpRounds = 20;
const rounds = 60;
const rgb = { width: side, height: side, format: jpegTurbo.FORMAT_RGB };
const raw = { raw: { width: side, height: side, channels: 3 } } as const;

type Row = { readonly kilobytes: number; readonly work: string; readonly minMs: number; readonly medianMs: number };

const sizes = [4, 14] as const;
/** Every result adds to it, so that no work is optimised away. */
let checksum = 0;

export const jpegCore: Experiment = {
  question: 'How long does the JPEG entropy core take for a tile, beside jpeg-turbo and sharp?',
  async run({ quick, each }) {
    const parts = quick ? sizes.slice(0, 1) : sizes;
    const name = (kilobytes: number) => `tiles of ${kilobytes} KB`;
    const rows = (await each(parts, { name }, (kilobytes) => measureKind(kilobytes, quick ? 5 : rounds))).flat();
    const charts = sizes
      .map((kilobytes) => rows.filter((row) => row.kilobytes === kilobytes))
      .filter(({ length }) => length > 0)
      .map((own) => {
        const bars = own.map(({ work, minMs }) => ({ name: work, values: [minMs] }));
        return barChart({
          title: `Fastest round, ms a tile with a scan of ${own[0].kilobytes} KB`,
          series: ['ms'],
          bars,
        });
      });
    return {
      slides: [],
      seeds: 100,
      settings: { side, planes, stackCount, rounds, warmUpRounds, checksum },
      data: rows,
      text: [
        'Milliseconds a tile of 256 pixels, one thread: the fastest round, and the median of them, which suffers where the machine',
        'has other work.\n',
        table(
          ['work', 'KB', 'fastest', 'median'],
          rows.map(({ kilobytes, work, minMs, medianMs }) => [work, kilobytes, minMs.toFixed(3), medianMs.toFixed(3)]),
        ),
      ].join('\n'),
      pictures: { 'jpeg-core': svgFile(panels(charts, charts.length), jpegCore.question) },
    };
  },
};

async function measureKind(kilobytes: number, rounds: number): Promise<Row[]> {
  const rows: Row[] = [];
  const stacks = Array.from({ length: stackCount }, (_, i) => encodeStack(100 + i, 1024 * kilobytes));
  const tiles = stacks.flat();
  const headers = tiles.map((bytes) => parseJpegHeader(bytes));
  // more streams than the core remembers tables of, so that each needs its own made
  const optimised = await Promise.all(
    [78, 79, 80, 81].flatMap((quality) =>
      tiles.map((bytes) => sharp(bytes).jpeg({ quality, optimiseCoding: true }).toBuffer()),
    ),
  );
  const indexed = stacks.map((stack) => stack.map((bytes) => new JpegTile(bytes)));
  for (const tile of indexed.flat()) checksum += tile.index.mcus;
  const coefficients = tiles.map((bytes, i) => decodeCoefficients(bytes, headers[i]));
  const choice = patches(7);
  const quilts = indexed.map((stack) => {
    const quilt = quiltTile(stack, choice);
    if (!quilt.quilted || quilt.how !== 'spliced') throw new Error('expected tiles that can be spliced');
    return new JpegTile(quilt.bytes);
  });
  const pixels = tiles.map(
    (bytes) => jpegTurbo.decompressSync(Buffer.from(bytes), { format: jpegTurbo.FORMAT_RGB }).data,
  );

  const add = async (work: string, count: number, round: () => void | Promise<void>) => {
    rows.push({ kilobytes, work, ...(await measure(count, round, rounds)) });
  };
  const each = (work: string, handle: (bytes: Uint8Array, i: number) => number) =>
    add(work, tiles.length, () => {
      for (let i = 0; i < tiles.length; i++) checksum += handle(tiles[i], i);
    });
  await each('header', (bytes) => parseJpegHeader(bytes).scanStart);
  await each('index', (bytes, i) => indexScan(bytes, headers[i]).mcus);
  await add('index, optimised tables of its own', optimised.length, () => {
    for (const bytes of optimised) checksum += indexScan(bytes, parseJpegHeader(bytes)).mcus;
  });
  await each('focus, dct-mid', (bytes, i) => blockFocus(bytes, headers[i], coefficientMeasures['dct-mid']).rows);
  await each('focus, dct-low', (bytes, i) => blockFocus(bytes, headers[i], coefficientMeasures['dct-low']).rows);
  await each('coefficients decoded', (bytes, i) => decodeCoefficients(bytes, headers[i]).length);
  await each('coefficients encoded', (_, i) => encodeCoefficients(coefficients[i], headers[i])?.length ?? 0);
  await add('quilt of three planes, all told', stackCount, () => {
    for (const stack of stacks) {
      checksum += bytesOf(
        quiltTile(
          stack.map((bytes) => new JpegTile(bytes)),
          choice,
        ),
      );
    }
  });
  await add('verify a quilt of three planes', stackCount, () => {
    for (const [i, stack] of indexed.entries()) checksum += verifyQuilt(quilts[i], stack, choice) ? 1 : 0;
  });
  await each('jpeg-turbo: decode luma', (bytes) => turboDecode(bytes, jpegTurbo.FORMAT_GRAY).length);
  await each('jpeg-turbo: decode RGB', (bytes) => turboDecode(bytes, jpegTurbo.FORMAT_RGB).length);
  await each('jpeg-turbo: encode RGB', (_, i) => jpegTurbo.compressSync(pixels[i], { ...rgb, quality: 80 }).length);
  await add('jpeg-turbo: decode three, paste, encode', stackCount, () => {
    for (const stack of stacks) {
      const decoded = stack.map((bytes) => turboDecode(bytes, jpegTurbo.FORMAT_RGB));
      checksum += jpegTurbo.compressSync(paste(decoded, choice), { ...rgb, quality: 80 }).length;
    }
  });
  await add('sharp: decode RGB', tiles.length, async () => {
    for (const bytes of tiles) checksum += (await sharp(bytes).raw().toBuffer()).length;
  });
  await add('sharp: encode RGB', tiles.length, async () => {
    for (const data of pixels) checksum += (await sharp(data, raw).jpeg({ quality: 80 }).toBuffer()).length;
  });
  return rows;
}

/** Fastest and median time per item in milliseconds. */
async function measure(
  count: number,
  round: () => void | Promise<void>,
  rounds: number,
): Promise<{ minMs: number; medianMs: number }> {
  for (let i = 0; i < warmUpRounds; i++) await round();
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await round();
    times.push((performance.now() - start) / count);
  }
  times.sort((a, b) => a - b);
  return { minMs: times[0], medianMs: times[rounds >> 1] };
}

function turboDecode(bytes: Uint8Array, format: number): Buffer {
  return jpegTurbo.decompressSync(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { format }).data;
}

function bytesOf(quilt: ReturnType<typeof quiltTile>): number {
  return quilt.quilted ? quilt.bytes.length : 0;
}

/** Three planes of one field whose scans at quality 80 have about `target` bytes on average. */
function encodeStack(seed: number, target: number): Uint8Array[] {
  let low = 0;
  let high = 4;
  let stack: Uint8Array[] = [];
  for (let i = 0; i < 12; i++) {
    const contrast = (low + high) / 2;
    stack = Array.from({ length: planes }, (_, plane) => encodePlane(seed, plane, contrast));
    const bytes = stack.reduce((sum, { length }) => sum + length - headerBytes, 0) / planes;
    if (bytes < target) low = contrast;
    else high = contrast;
  }
  return stack;
}

/** Octaves of value noise; the finest ones lose strength with the plane, as if out of focus. */
function encodePlane(seed: number, plane: number, contrast: number): Uint8Array {
  const octaves = [64, 32, 16, 8, 4, 2].map((cell, octave) => {
    const random = seededRandom(seed * 31 + octave);
    const columns = side / cell + 2;
    const lattice = Float64Array.from({ length: columns * columns }, () => random() - 0.5);
    return { cell, columns, lattice, strength: 60 * contrast * 0.9 ** octave * 0.8 ** (plane * octave) };
  });
  const data = Buffer.alloc(side * side * 3);
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let value = 0;
      for (const { cell, columns, lattice, strength } of octaves) {
        const i = Math.floor(y / cell) * columns + Math.floor(x / cell);
        const fx = (x % cell) / cell;
        const fy = (y % cell) / cell;
        const upper = lattice[i] + (lattice[i + 1] - lattice[i]) * fx;
        const lower = lattice[i + columns] + (lattice[i + columns + 1] - lattice[i + columns]) * fx;
        value += strength * (upper + (lower - upper) * fy);
      }
      // violet on white, like a stained smear
      for (const [base, share] of [
        [200, 0.8],
        [170, 1.2],
        [205, 0.6],
      ]) {
        data[at++] = Math.max(0, Math.min(255, Math.round(base + share * value)));
      }
    }
  }
  return new Uint8Array(jpegTurbo.compressSync(data, { ...rgb, quality: 80, subsampling: jpegTurbo.SAMP_420 }));
}

/** A choice of planes for 16 x 16 MCUs, in patches some MCUs wide. */
function patches(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const centres = Array.from({ length: 12 }, (_, i) => ({ x: 16 * random(), y: 16 * random(), plane: i % planes }));
  return Uint8Array.from({ length: 256 }, (_, mcu) => {
    const distance = ({ x, y }: { x: number; y: number }) => (x - (mcu % 16)) ** 2 + (y - (mcu >> 4)) ** 2;
    return centres.reduce((nearest, centre) => (distance(centre) < distance(nearest) ? centre : nearest)).plane;
  });
}

/** Pixels of the plane chosen for each block of 16 x 16, copied line by line, neighbours with the same choice at once. */
function paste(decoded: readonly Buffer[], choice: Uint8Array): Buffer {
  const mixed = Buffer.allocUnsafe(side * side * 3);
  for (let row = 0; row < 256; row += 16) {
    for (let first = row, next = row; first < row + 16; first = next) {
      while (next < row + 16 && choice[next] === choice[first]) next++;
      for (let line = 0; line < 16; line++) {
        const from = ((row + line) * side + 16 * (first - row)) * 3;
        decoded[choice[first]].copy(mixed, from, from, from + 48 * (next - first));
      }
    }
  }
  return mixed;
}

/** Numbers from 0 to 1 (excluded); xorshift of 32 bits. */
function seededRandom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
