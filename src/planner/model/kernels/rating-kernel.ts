// The rating of tiles as a WebAssembly kernel (assembly/): exactly the numbers of the plain TypeScript, in half of its time.
import { growTo, loadKernels } from '../../../system/load-kernels.js';
import type { Forecast } from '../forecast.js';
import { cells } from '../rating-rules.js';
import { cubics } from '../softplus.js';
import type { TileRisks } from '../tile-risks.js';
import { kernelsModule } from './kernels.wasm.js';

/** Addresses are bytes; see assembly/rate.ts. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  readonly rate: (
    tiles: number,
    planeCount: number,
    varianceInflation: number,
    cubics: number,
    reaches: number,
    nearness: number,
    bestGuesses: number,
    curves: number,
    residualVariance: number,
    stakes: number,
    scales: number,
    losses: number,
    secondMoments: number,
    gains: number,
    doubts: number,
    counts: number,
  ) => number;
};

const doubleBytes = Float64Array.BYTES_PER_ELEMENT;

/** Tiles that are rated at a time: what the kernel holds of them stays in the cache. */
export const tilesInBatch = 1024;

/** Made when a first slide asks for it. */
let exports: Exports | undefined;

/** Rates tiles of a forecast as if nobody had looked at them, a batch at a time. */
export class RatingKernel {
  readonly #forecast: Forecast;
  readonly #bestGuesses: Int16Array;
  readonly #varianceInflation: number;
  readonly #planeCount: number;
  readonly #exports: Exports;
  readonly #rooms: Rooms;

  /** Undefined on processors without SIMD. */
  static of(forecast: Forecast, bestGuesses: Int16Array, varianceInflation: number): RatingKernel | undefined {
    exports ??= loadKernels<Exports>(kernelsModule);
    return exports && new RatingKernel(forecast, bestGuesses, varianceInflation, exports);
  }

  private constructor(forecast: Forecast, bestGuesses: Int16Array, varianceInflation: number, exports: Exports) {
    this.#forecast = forecast;
    this.#bestGuesses = bestGuesses;
    this.#varianceInflation = varianceInflation;
    this.#planeCount = forecast.logF.length / bestGuesses.length;
    this.#exports = exports;
    this.#rooms = layOut(exports, this.#planeCount);
  }

  /**
   * Rates the tiles from `start` to before `end`, `tilesInBatch` at most. Answers how many of them it leaves to others, whose `lookCount`
   * becomes notRated: those with gaps in their evidence, or with rivals so far behind that they are not in the table.
   */
  rate(start: number, end: number, risks: TileRisks): number {
    const { logF, residualVariance, signalFraction } = this.#forecast;
    const rooms = this.#rooms;
    const bestGuesses = this.#bestGuesses.subarray(start, end);
    rooms.bestGuesses.set(bestGuesses);
    rooms.curves.set(logF.subarray(start * this.#planeCount, end * this.#planeCount));
    rooms.residualVariance.set(residualVariance.subarray(start, end));
    rooms.stakes.set(signalFraction.subarray(start, end));
    const left = this.#exports.rate(
      end - start,
      this.#planeCount,
      this.#varianceInflation,
      rooms.cubics.byteOffset,
      rooms.reaches.byteOffset,
      rooms.nearness.byteOffset,
      rooms.bestGuesses.byteOffset,
      rooms.curves.byteOffset,
      rooms.residualVariance.byteOffset,
      rooms.stakes.byteOffset,
      rooms.scales.byteOffset,
      rooms.losses.byteOffset,
      rooms.secondMoments.byteOffset,
      rooms.gains.byteOffset,
      rooms.doubts.byteOffset,
      rooms.counts.byteOffset,
    );
    const rated = end - start;
    risks.plane.set(bestGuesses, start);
    risks.loss.set(rooms.losses.subarray(0, rated), start);
    risks.secondMoment.set(rooms.secondMoments.subarray(0, rated), start);
    risks.gain.set(rooms.gains.subarray(0, rated), start);
    risks.doubt.set(rooms.doubts.subarray(0, rated), start);
    risks.lookCount.set(rooms.counts.subarray(0, rated), start);
    return left;
  }
}

type Rooms = ReturnType<typeof layOut>;

/** Lays what the kernel reads and writes one behind the other in its memory. */
function layOut({ memory }: Exports, planeCount: number) {
  // What follows the last cell, and the last curve and reach, may be read, never used
  const lengths = { cubics: cubics.length + 4, reaches: 2 * planeCount, curves: tilesInBatch * planeCount };
  const ofTiles = 7 * tilesInBatch;
  growTo(memory, doubleBytes * (lengths.cubics + 2 * lengths.reaches + lengths.curves + ofTiles));
  const { buffer } = memory;
  let end = 0;
  const after = (bytes: number) => {
    end += bytes;
    return end - bytes;
  };
  const doubles = (length: number) => new Float64Array(buffer, after(doubleBytes * length), length);
  const rooms = {
    cubics: doubles(lengths.cubics),
    reaches: doubles(lengths.reaches),
    nearness: doubles(lengths.reaches),
    curves: doubles(lengths.curves),
    residualVariance: doubles(tilesInBatch),
    stakes: doubles(tilesInBatch),
    scales: doubles(tilesInBatch),
    losses: doubles(tilesInBatch),
    secondMoments: doubles(tilesInBatch),
    gains: doubles(tilesInBatch),
    doubts: new Float32Array(buffer, after(4 * tilesInBatch), tilesInBatch),
    bestGuesses: new Int16Array(buffer, after(2 * tilesInBatch), tilesInBatch),
    counts: new Uint8Array(buffer, after(tilesInBatch), tilesInBatch),
  };
  rooms.cubics.set(cubics);
  for (let i = 0; i < lengths.reaches; i++) {
    rooms.reaches[i] = Math.sqrt(Math.abs(i - (planeCount - 1)));
    rooms.nearness[i] = rooms.reaches[i] === 0 ? 0 : cells / rooms.reaches[i];
  }
  return rooms;
}
