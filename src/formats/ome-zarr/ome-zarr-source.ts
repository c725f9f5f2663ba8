// OME-Zarr images in a folder or below a URL: planes along z, levels as multiscales. Chunks are decoded, so tiles are laid over them and encoded
// once when they are written.
import { isUrl, shownLocation } from '../../bytes/location.js';
import { SlideError, throwIfAborted } from '../../errors.js';
import type { TileEncoding } from '../../slide/encoded-tile.js';
import { evenPlanes, type FocalPlane, maxPlanes, roundUm } from '../../slide/focal-planes.js';
import type { MicronsPerPixel, Size } from '../../slide/geometry.js';
import { type Level, levelNumber } from '../../slide/pyramid.js';
import { bytesOf, bytesPerSample, padRaster } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { defaultTileSize, layTileGrid, tileCount, tileIndex, tilePixels, tileRect } from '../../slide/tile-grid.js';
import type { Opening, OpenOptions } from '../../slide-source/open-options.js';
import type { PlanePyramid } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { choose, numbered, takenOf } from '../../slide-source/selection.js';
import { type OmeZarrAxis, type OmeZarrImage, parseOmeZarr } from './ome-zarr.js';
import { ZarrFolder } from './zarr-folder.js';
import { ChunkCache, ZarrLevel } from './zarr-level.js';
import type { ZarrStore } from './zarr-store.js';
import { ZarrUrl } from './zarr-url.js';

/** Chunks up to this side are tiles as they are. */
const largestTile = 1024;

/** Tiles of all planes of a level: more is no slide, but a number that went wrong. */
const maxTiles = 2 ** 26;
/** Chunks that a tile is put together from: rows of pixels as chunks are read, single pixels are not. */
const maxChunksOfTile = 4096;

const fillShown = 'they show the fill value, as Zarr says; a copy that was cut short looks the same';

/** Opens the image in a folder; of several (the layout of bioformats2raw), the first. */
export async function openOmeZarr(path: string, options: Opening): Promise<SlideSource> {
  const store = isUrl(path) ? new ZarrUrl(path, options.access) : new ZarrFolder(path);
  const { folder, image, file, notes: found } = await findImage(store, path);
  const notes = [...found, ...image.notes];
  const cache = new ChunkCache();
  const { axes, datasets, version } = image;
  const opened: ZarrLevel[] = [];
  for (const dataset of datasets) opened.push(await ZarrLevel.open(folder, dataset, axes, version, cache));
  const [finest] = opened;
  const { z, t, c } = finest.lengths;
  const timepoints = numbered(t);
  const time = choose('timepoint', timepoints, options.timepoint, file);
  const { channels, taken } = chosenChannels(image, finest, options.channel, file);
  const tile = tileSide(finest.chunk, options.tileSize);
  if (z > maxPlanes) throw new SlideError('contradictory', `tells of ${z} planes`, { file });
  const levels = new Map<number, RetiledLevel>();
  for (const [index, array] of opened.entries()) {
    const level = levelNumber(finest.size, array.size);
    const { width, height } = array.size;
    if (level === undefined || (level === 0) !== (index === 0) || levels.has(level)) {
      notes.push(`left out ${datasets[index].path}, ${width} x ${height}: its size is not that of a further level`);
    } else if (
      array.lengths.z !== z ||
      array.lengths.c !== c ||
      array.lengths.t !== t ||
      array.sample !== finest.sample
    ) {
      notes.push(`left out level ${level}: it has other planes, channels, timepoints or samples than level 0`);
    } else {
      levels.set(level, retileLevel(level, array, tile, channels, z, file));
    }
  }
  if (channels.length === 3) notes.push('its three channels are taken as red, green and blue');
  const zUm = heightsOf(image, z, options.zStepUm);
  const order = ascending(zUm);
  for (const { level, array } of levels.values()) {
    const { absent, expected } = array.presence;
    if (absent > 0) notes.push(`${absent} of ${expected} chunk files of level ${level} are missing: ${fillShown}`);
  }
  if (order.length > 1 && order[0] > order[1]) {
    notes.push('planes are numbered from the lowest up; the file has them the other way round');
  }
  return planesSource(
    order.map((index) => planeOf(levels, { t: time.index, z: index, channels }, shownLocation(path))),
    {
      format: `OME-Zarr ${version}`,
      name: image.name ?? folder.name,
      files: [shownLocation(path)],
      planes: order.map((index, plane) => ({ plane, zUm: zUm[index].zUm })),
      micronsPerPixel: pixelSize(image),
      objective: undefined,
      channelName: taken?.name,
      selection: { channel: taken, timepoint: takenOf(time, timepoints) },
      iccProfile: undefined,
      acquisitionDate: undefined,
      annotations: [],
      notes,
      readNotes: () => {
        const missing = [...levels.values()].reduce((sum, { array }) => sum + array.presence.foundMissing, 0);
        return missing > 0 ? [`${missing} chunks that were read are missing: ${fillShown}`] : [];
      },
      associatedImages: [],
      readAssociatedImage: () => {
        throw new RangeError('the slide has no associated images');
      },
      close: async () => cache.clear(),
    },
  );
}

type FoundImage = {
  readonly folder: ZarrStore;
  readonly image: OmeZarrImage;
  /** The file with its metadata. */
  readonly file: string;
  readonly notes: string[];
};

async function findImage(folder: ZarrStore, path: string): Promise<FoundImage> {
  const shown = shownLocation(path);
  const found = await readGroup(folder);
  if (found?.group.kind === 'image') return { folder, image: found.group.image, file: found.file, notes: [] };
  if (found?.group.kind === 'collection') {
    const first = folder.folder('0');
    const inner = await readGroup(first);
    const others = await readGroup(folder.folder('1'));
    const notes = others ? ['took the first of several images; give the folder of another to take that'] : [];
    if (inner?.group.kind === 'image') return { folder: first, image: inner.group.image, file: inner.file, notes };
  }
  if (found?.group.kind === 'plate') {
    const hint = `give the folder of one image, such as ${folder.pathOf('A/1/0')}`;
    throw new SlideError('unsupported', 'is a plate of many images', { file: shown, hint });
  }
  const above = await readGroup(folder.folder('..')).catch(() => undefined);
  const hint = above
    ? `it seems to be part of one: give ${folder.folder('..').pathOf('')}`
    : `${isUrl(path) ? 'check the URL; ' : ''}zflat reads OME-Zarr 0.4 and 0.5, which say in multiscales where their levels are`;
  // A server does not tell whether there is a folder.
  const problem = isUrl(path)
    ? 'has no zarr.json or .zattrs of an OME-Zarr image'
    : 'is a Zarr folder, but no OME-Zarr image';
  throw new SlideError('unsupported', problem, { file: shown, hint });
}

/** What OME's metadata say of a group; undefined where it has none. */
async function readGroup(folder: ZarrStore) {
  for (const name of ['zarr.json', '.zattrs']) {
    const file = folder.pathOf(name);
    const bytes = await folder.get(`/${name}`);
    const group = bytes && parseOmeZarr(Buffer.from(bytes).toString('utf8'), file);
    if (group) return { group, file };
  }
  return undefined;
}

/** Red, green and blue, where the display settings say so and no channel is chosen; else one channel. */
function chosenChannels(
  { channels }: OmeZarrImage,
  { lengths: { c }, sample }: ZarrLevel,
  wanted: OpenOptions['channel'],
  file: string,
) {
  const colours = channels.map(({ colour }) => colour).join();
  if (wanted === undefined && c === 3 && sample === 'uint8' && colours === 'FF0000,00FF00,0000FF') {
    return { channels: [0, 1, 2], taken: undefined };
  }
  const among = numbered(c, (index) => channels[index]?.label);
  const channel = choose('channel', among, wanted, file);
  return { channels: [channel.index], taken: takenOf(channel, among) };
}

/** The chunk where it can be a tile of a TIFF, else 256 pixels. */
function tileSide({ width, height }: Size, given: number | undefined): Size {
  const fits = (side: number) => side % 16 === 0 && side <= largestTile;
  if (given !== undefined) return { width: given, height: given };
  return fits(width) && fits(height) ? { width, height } : { width: defaultTileSize, height: defaultTileSize };
}

type RetiledLevel = Level & {
  readonly array: ZarrLevel;
  readonly encoding: TileEncoding;
  /** Where every tile is there; the same for all planes. */
  readonly lengths: () => Float64Array;
};

function retileLevel(
  level: number,
  array: ZarrLevel,
  tile: Size,
  channels: readonly number[],
  planes: number,
  file: string,
): RetiledLevel {
  const grid = layTileGrid(array.size, tile);
  const tiles = tileCount(grid);
  if (tiles * planes > maxTiles) {
    const problem = `tells of ${array.size.width} x ${array.size.height} pixels on ${planes} planes`;
    throw new SlideError('unsupported', problem, { file, level, hint: 'take larger tiles, with --tile-size' });
  }
  const across = Math.ceil(Math.min(tile.width, array.size.width) / array.chunk.width);
  const down = Math.ceil(Math.min(tile.height, array.size.height) / array.chunk.height);
  if (across * down * channels.length > maxChunksOfTile) {
    const problem = `its chunks of ${array.chunk.width} x ${array.chunk.height} pixels are too small to be read one by one`;
    const hint = 'rewrite it with larger chunks, or take smaller tiles, with --tile-size';
    throw new SlideError('unsupported', problem, { file, level, hint });
  }
  const encoding: TileEncoding = {
    ...tile,
    channels: channels.length === 3 ? 3 : 1,
    sample: array.sample,
    codec: 'raw',
    photometric: channels.length === 3 ? 'rgb' : 'black-is-zero',
    predictor: 1,
    bigEndian: false,
    subsampling: [1, 1],
  };
  const bytes = tilePixels(grid) * channels.length * bytesPerSample(array.sample);
  let lengths: Float64Array | undefined;
  return {
    level,
    grid,
    array,
    encoding,
    lengths: () => {
      lengths ??= new Float64Array(tiles).fill(bytes);
      return lengths;
    },
  };
}

function planeOf(
  levels: ReadonlyMap<number, RetiledLevel>,
  selection: { readonly t: number; readonly z: number; readonly channels: readonly number[] },
  file: string,
): PlanePyramid {
  const at = (level: number) => {
    const found = levels.get(level);
    if (!found) throw new RangeError(`the plane has no level ${level}`);
    return found;
  };
  /** Of levels that lack tiles: 0 for those. */
  const gaps = new Map<number, Float64Array>();
  const leaveOut = (level: number, tile: number) => {
    const lengths = gaps.get(level) ?? at(level).lengths().slice();
    lengths[tile] = 0;
    gaps.set(level, lengths);
  };
  const listed = new Set<number>();
  const lengthsOf = (level: number) => {
    const { array, grid, lengths } = at(level);
    if (!listed.has(level) && !array.presence.complete) {
      for (let tile = 0; tile < tileCount(grid); tile++) {
        const rect = tileRect(grid, Math.floor(tile / grid.columns), tile % grid.columns);
        if (!array.holds(rect, selection)) leaveOut(level, tile);
      }
    }
    listed.add(level);
    return gaps.get(level) ?? lengths();
  };
  return {
    file,
    levels: [...levels.values()].sort((a, b) => a.level - b.level),
    retiled: 'lossless',
    notes: [],
    tileLengths: lengthsOf,
    readTile: async (level, row, column, signal) => {
      throwIfAborted(signal);
      const { array, grid, encoding } = at(level);
      const rect = tileRect(grid, row, column);
      const raster = await array.read(rect, selection);
      if (!array.holds(rect, selection)) leaveOut(level, tileIndex(grid, row, column));
      return { bytes: bytesOf(padRaster(raster, encoding).data), encoding };
    },
  };
}

/** Scale of level 0 along an axis in micrometres, and where its first sample lies. */
function measure({ axes, micrometres, datasets: [{ scale, translation }] }: OmeZarrImage, axis: OmeZarrAxis) {
  const i = axes.indexOf(axis);
  const um = micrometres[i];
  if (i < 0 || um === undefined || !(Math.abs(scale[i]) > 0)) return undefined;
  return { step: scale[i] * um, first: translation[i] * um };
}

function pixelSize(image: OmeZarrImage): MicronsPerPixel | undefined {
  const [x, y] = [measure(image, 'x'), measure(image, 'y')];
  return x && y && x.step > 0 && y.step > 0 ? { x: roundUm(x.step), y: roundUm(y.step) } : undefined;
}

function heightsOf(image: OmeZarrImage, planes: number, zStepUm: number | undefined): FocalPlane[] {
  const z = measure(image, 'z');
  if (zStepUm !== undefined || !z) return evenPlanes(planes, zStepUm);
  return Array.from({ length: planes }, (_, plane) => ({ plane, zUm: roundUm(z.first + plane * z.step) }));
}

/** The order of planes from the lowest up. */
function ascending(planes: readonly FocalPlane[]): number[] {
  return planes.map(({ plane }) => plane).sort((a, b) => (planes[a].zUm ?? a) - (planes[b].zUm ?? b));
}
