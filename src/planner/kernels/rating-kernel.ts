// The rating of tiles as a WebAssembly kernel (assembly/): exactly the numbers of the plain TypeScript, in half of its time.
import { growTo, loadKernels } from '../../wasm/load-kernels.js';
import type { Forecast } from '../forecast.js';
import { cells, cubics, negligibleFrom } from '../softplus.js';
import { kernelsModule } from './kernels.wasm.js';

/** Addresses are bytes; see assembly/rate.ts. */
type Exports = {
  readonly memory: WebAssembly.Memory;
  readonly rate: (
    tiles: number,
    planeCount: number,
    widening: number,
    cubics: number,
    end: number,
    reaches: number,
    nearness: number,
    favourites: number,
    curves: number,
    openness: number,
    stakes: number,
    scales: number,
    outlooks: number,
  ) => void;
};

/** Tiles that are rated at a time: what the kernel holds of them stays in the cache. */
export const tilesInBatch = 1024;

/** Numbers that are said of a tile: loss, second moment, gain, and count of first looks, below 0 where the kernel does not take it. */
export const outlookNumbers = 4;

/** Places that are not in the table are not for the kernel. */
const end = cells * negligibleFrom;

/** Made when a first slide asks for it. */
let exports: Exports | undefined;

/** What the memory holds after the table of cubics, by numbers. */
function rooms(planeCount: number) {
  return {
    reaches: 2 * planeCount,
    nearness: 2 * planeCount,
    favourites: tilesInBatch,
    curves: tilesInBatch * planeCount,
    openness: tilesInBatch,
    stakes: tilesInBatch,
    scales: tilesInBatch,
    outlooks: tilesInBatch * outlookNumbers,
  };
}
type Rooms = Readonly<Record<keyof ReturnType<typeof rooms>, Float64Array>>;

/** Lays the rooms one behind the other. */
function layOut({ memory }: Exports, planeCount: number): Rooms {
  const lengths = Object.entries(rooms(planeCount));
  // What follows the last cell may be read, never used
  const first = cubics.length + 4;
  growTo(memory, Float64Array.BYTES_PER_ELEMENT * lengths.reduce((sum, [, length]) => sum + length, first));
  new Float64Array(memory.buffer).set(cubics);
  let at = first;
  const laid = lengths.map(([name, length]) => {
    const room = new Float64Array(memory.buffer, Float64Array.BYTES_PER_ELEMENT * at, length);
    at += length;
    return [name, room];
  });
  return Object.fromEntries(laid);
}

/** Rates tiles of a forecast that nobody looked at, a batch at a time. */
export class RatingKernel {
  readonly #forecast: Forecast;
  readonly #favourites: Int16Array;
  readonly #widening: number;
  readonly #planeCount: number;
  readonly #exports: Exports;
  readonly #rooms: Rooms;
  readonly #favouritesRoom: Int16Array;

  /** Undefined on processors without SIMD. */
  static of(forecast: Forecast, favourites: Int16Array, widening: number): RatingKernel | undefined {
    exports ??= loadKernels<Exports>(kernelsModule);
    return exports && new RatingKernel(forecast, favourites, widening, exports);
  }

  private constructor(forecast: Forecast, favourites: Int16Array, widening: number, exports: Exports) {
    this.#forecast = forecast;
    this.#favourites = favourites;
    this.#widening = widening;
    this.#planeCount = forecast.logF.length / favourites.length;
    this.#exports = exports;
    this.#rooms = layOut(exports, this.#planeCount);
    const { reaches, nearness, favourites: room } = this.#rooms;
    this.#favouritesRoom = new Int16Array(room.buffer, room.byteOffset, tilesInBatch);
    for (let i = 0; i < reaches.length; i++) {
      reaches[i] = Math.sqrt(Math.abs(i - (this.#planeCount - 1)));
      nearness[i] = reaches[i] === 0 ? 0 : cells / reaches[i];
    }
  }

  /**
   * Rates the tiles from `start` to before `stop`, `tilesInBatch` at most: `outlookNumbers` a tile, which hold until the next batch. Tiles without
   * a favourite are left out.
   */
  rate(start: number, stop: number): Float64Array {
    const { logF, openness, stake } = this.#forecast;
    const rooms = this.#rooms;
    this.#favouritesRoom.set(this.#favourites.subarray(start, stop));
    rooms.curves.set(logF.subarray(start * this.#planeCount, stop * this.#planeCount));
    rooms.openness.set(openness.subarray(start, stop));
    rooms.stakes.set(stake.subarray(start, stop));
    this.#exports.rate(
      stop - start,
      this.#planeCount,
      this.#widening,
      0,
      end,
      rooms.reaches.byteOffset,
      rooms.nearness.byteOffset,
      rooms.favourites.byteOffset,
      rooms.curves.byteOffset,
      rooms.openness.byteOffset,
      rooms.stakes.byteOffset,
      rooms.scales.byteOffset,
      rooms.outlooks.byteOffset,
    );
    return rooms.outlooks;
  }
}
