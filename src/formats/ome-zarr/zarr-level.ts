// The array of one level of an OME-Zarr image: rectangles of pixels out of its chunks, however those are cut. Memory: decoded chunks
// are kept for the tiles beside and the planes above, up to `cacheBytes` for a slide, and those in use.
import { open, root, type Array as ZarrArray } from 'zarrita';
import { SlideError } from '../../errors.js';
import { clipToImage, type Rect, type Size } from '../../slide/geometry.js';
import { allocateSamples, bytesPerSample, type Raster, type Samples, type SampleType } from '../../slide/raster.js';
import { ChunkPresence, noticingChunks } from './chunk-presence.js';
import type { OmeZarrAxis, OmeZarrDataset, ZarrVersion } from './ome-zarr.js';
import { registerBoundedCodecs } from './zarr-codecs.js';
import { readChunkKeys, zarritaCall } from './zarr-metadata.js';
import type { ZarrStore } from './zarr-store.js';

/** Chunks kept decoded, of a whole slide. */
const cacheBytes = 1 << 28;

/** A chunk is decoded as a whole. */
const largestChunkBytes = 1 << 27;

const sampleTypes: ReadonlySet<string> = new Set<SampleType>(['uint8', 'int8', 'uint16', 'int16']);

type Pixels = ZarrArray<'uint8', ReturnType<typeof noticingChunks>>;

type Chunk = { readonly data: Samples; readonly stride: readonly number[] };

/** Decoded chunks, the least recently used ones dropped first. */
export class ChunkCache {
  readonly #chunks = new Map<string, { readonly chunk: Promise<Chunk>; readonly bytes: number }>();
  #bytes = 0;

  get(key: string, bytes: number, read: () => Promise<Chunk>): Promise<Chunk> {
    const known = this.#chunks.get(key);
    if (known) {
      this.#chunks.delete(key);
      this.#chunks.set(key, known);
      return known.chunk;
    }
    const chunk = read();
    this.#chunks.set(key, { chunk, bytes });
    this.#bytes += bytes;
    chunk.catch(() => this.#drop(key));
    for (const oldest of this.#chunks.keys()) {
      if (this.#bytes <= cacheBytes || oldest === key) break;
      this.#drop(oldest);
    }
    return chunk;
  }

  clear(): void {
    this.#chunks.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    const found = this.#chunks.get(key);
    if (found && this.#chunks.delete(key)) this.#bytes -= found.bytes;
  }
}

/** Which samples of an array: an index along t and z, and one or three channels. */
export type Selection = { readonly t: number; readonly z: number; readonly channels: readonly number[] };

export class ZarrLevel {
  readonly size: Size;
  readonly sample: SampleType;
  /** Lengths along t, c and z; 1 where there is no such axis. */
  readonly lengths: { readonly t: number; readonly c: number; readonly z: number };
  readonly chunk: Size;
  readonly presence: ChunkPresence;
  readonly #array: Pixels;
  readonly #axes: readonly OmeZarrAxis[];
  readonly #cache: ChunkCache;
  readonly #file: string;

  private constructor(
    array: Pixels,
    axes: readonly OmeZarrAxis[],
    cache: ChunkCache,
    file: string,
    presence: ChunkPresence,
  ) {
    this.presence = presence;
    const along = (sides: readonly number[], axis: OmeZarrAxis) =>
      axes.includes(axis) ? sides[axes.indexOf(axis)] : 1;
    this.#array = array;
    this.#axes = axes;
    this.#cache = cache;
    this.#file = file;
    this.sample = array.dtype;
    this.size = { width: along(array.shape, 'x'), height: along(array.shape, 'y') };
    this.chunk = { width: along(array.chunks, 'x'), height: along(array.chunks, 'y') };
    this.lengths = { t: along(array.shape, 't'), c: along(array.shape, 'c'), z: along(array.shape, 'z') };
  }

  /** Opens the array of a dataset; `damaged` or `unsupported`, saying why, where it can't be read as pixels. */
  static async open(
    folder: ZarrStore,
    dataset: OmeZarrDataset,
    axes: readonly OmeZarrAxis[],
    version: ZarrVersion,
    cache: ChunkCache,
  ): Promise<ZarrLevel> {
    registerBoundedCodecs();
    const file = folder.pathOf(dataset.path);
    const v2 = version === '0.4';
    const keys = await readChunkKeys(folder, dataset.path, v2, file);
    const place = root(noticingChunks(folder)).resolve(dataset.path);
    const array = await zarritaCall(file, 'its metadata', () => (v2 ? open.v2 : open.v3)(place, { kind: 'array' }));
    const { shape, chunks, dtype } = array;
    const areSides = (sides: unknown) => Array.isArray(sides) && sides.length === axes.length && sides.every(isSide);
    if (!areSides(shape) || !areSides(chunks)) {
      const [shapeTold, chunksTold] = [JSON.stringify(shape), JSON.stringify(chunks)];
      const problem = `has the shape ${shapeTold} in chunks of ${chunksTold}, for axes ${axes.join(', ')}`;
      throw new SlideError('contradictory', problem, { file });
    }
    if (!sampleTypes.has(dtype)) {
      const hint = 'zflat reads 8-bit RGB and 8- or 16-bit grey';
      throw new SlideError('unsupported', `its samples are ${JSON.stringify(dtype)}`, { file, hint });
    }
    const chunkBytes = product(chunks) * bytesPerSample(dtype as SampleType);
    if (chunkBytes > largestChunkBytes) {
      const megabytes = Math.round(chunkBytes / 1e6);
      const hint = 'rewrite it with smaller chunks, for example 1 x 1 x 1 x 512 x 512';
      throw new SlideError('unsupported', `its chunks hold ${megabytes} MB each`, { file, hint });
    }
    // What does not shrink grows by little.
    folder.longest = Math.max(folder.longest, 1.1 * chunkBytes + 65_536);
    const presence = await ChunkPresence.of(folder, dataset.path, { shape, chunks, keys, file });
    return new ZarrLevel(array as Pixels, axes, cache, file, presence);
  }

  /** The pixels of a rectangle, which the image must hold, channels side by side. */
  async read(rect: Rect, { t, z, channels }: Selection): Promise<Raster> {
    const { width, height } = rect;
    const count = channels.length as 1 | 3;
    const data = allocateSamples(this.sample, width * height * count);
    const raster: Raster = { width, height, channels: count, sample: this.sample, data };
    const { chunk, size } = this;
    const origin = { t, z, y: rect.y, x: rect.x };
    // One row of chunks after the other: where one is damaged, the rest is left alone.
    for (let row = Math.floor(rect.y / chunk.height); row * chunk.height < rect.y + height; row++) {
      const jobs: Promise<void>[] = [];
      for (let column = Math.floor(rect.x / chunk.width); column * chunk.width < rect.x + width; column++) {
        const whole = { x: column * chunk.width, y: row * chunk.height, ...chunk };
        for (const [position, c] of channels.entries()) {
          const found = this.#chunk({ t, c, z, y: whole.y, x: whole.x });
          const shown = clipToImage(whole, size);
          jobs.push(found.then((decoded) => this.#copy(decoded, shown, { ...origin, c }, raster, position)));
        }
      }
      await Promise.all(jobs);
    }
    return raster;
  }

  /** Whether there is any chunk of a rectangle; true where that is not known yet. */
  holds(rect: Rect, { t, z, channels }: Selection): boolean {
    if (this.presence.complete) return true;
    const { chunk } = this;
    for (let y = rect.y - (rect.y % chunk.height); y < rect.y + rect.height; y += chunk.height) {
      for (let x = rect.x - (rect.x % chunk.width); x < rect.x + rect.width; x += chunk.width) {
        if (channels.some((c) => this.presence.has(this.#placeOf({ t, c, z, y, x })))) return true;
      }
    }
    return false;
  }

  #placeOf(sample: Readonly<Record<OmeZarrAxis, number>>): number[] {
    return this.#axes.map((axis, i) => Math.floor(sample[axis] / this.#array.chunks[i]));
  }

  /** The chunk that holds a sample. */
  #chunk(sample: Readonly<Record<OmeZarrAxis, number>>): Promise<Chunk> {
    const array = this.#array;
    const at = this.#placeOf(sample);
    const bytes = product(array.chunks) * bytesPerSample(this.sample);
    return this.#cache.get(`${this.#file} ${at}`, bytes, async () => {
      const { data, stride } = await zarritaCall(this.#file, `chunk ${at.join('.')}`, () =>
        this.presence.noticing(at, () => array.getChunk(at)),
      );
      if (data.length === product(array.chunks)) return { data, stride };
      const problem = `chunk ${at.join('.')} holds ${data.length} samples, not ${product(array.chunks)}`;
      throw new SlideError('damaged', problem, { file: this.#file });
    });
  }

  /** Copies what a chunk, shown at `shown`, has of the raster, whose first pixel is at `origin`. */
  #copy(
    { data, stride }: Chunk,
    shown: Rect,
    origin: Readonly<Record<OmeZarrAxis, number>>,
    raster: Raster,
    position: number,
  ): void {
    const strideOf = (axis: OmeZarrAxis) => stride[this.#axes.indexOf(axis)] ?? 0;
    const inChunk = (axis: OmeZarrAxis) => {
      const i = this.#axes.indexOf(axis);
      return i < 0 ? 0 : (origin[axis] % this.#array.chunks[i]) * stride[i];
    };
    const plane = inChunk('t') + inChunk('c') + inChunk('z');
    const [down, across] = [strideOf('y'), strideOf('x')];
    const left = Math.max(shown.x, origin.x);
    const right = Math.min(shown.x + shown.width, origin.x + raster.width);
    const bottom = Math.min(shown.y + shown.height, origin.y + raster.height);
    for (let y = Math.max(shown.y, origin.y); y < bottom; y++) {
      let from = plane + (y - shown.y) * down + (left - shown.x) * across;
      let to = ((y - origin.y) * raster.width + left - origin.x) * raster.channels + position;
      for (let x = left; x < right; x++, from += across, to += raster.channels) raster.data[to] = data[from];
    }
  }
}

function isSide(side: unknown): boolean {
  return Number.isSafeInteger(side) && (side as number) >= 1;
}

function product(sides: readonly number[]): number {
  return sides.reduce((whole, side) => whole * side, 1);
}
