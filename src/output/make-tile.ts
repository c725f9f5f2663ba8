// Copy, quilt or encode: how one tile of the flattened slide comes about, and why.
//
//   tiles of one plane     copied byte for byte
//   tiles of several       quilted MCU by MCU from the planes' compressed tiles, where they are JPEG and share their quantisation
//   all others             through pixels, encoded once
import { decodeTile, encodeTile } from '../codecs/codec.js';
import { locating, type Place, SlideError } from '../errors.js';
import type { UnquiltableReason } from '../jpeg/quilt-tile.js';
import { spliceTables } from '../jpeg/tables.js';
import type { CopyCheck } from '../options/writing.js';
import { mostFrequentPlane, planesIn } from '../slide/depth-map.js';
import type { EncodedTile } from '../slide/encoded-tile.js';
import type { Level } from '../slide/pyramid.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { TilePlanes } from '../slide/tile-planes.js';
import { runTileJob } from '../tile-jobs/run-tile-job.js';
import { composeFromPlanes } from './compose-tile.js';
import type { EncodeReason, LevelStorage } from './level-storage.js';

/**
 * A tile that should mix planes and shows one instead, or fewer: its streams can't be quilted, and a level has one way of storing
 * tiles.
 */
export type UnmixedReason = `not mixed: ${UnquiltableReason}` | 'not mixed in full: damaged';

export type TileMade = 'copied' | 'quilted' | UnmixedReason | EncodeReason;

type MixedPlanes = Extract<TilePlanes, { readonly uniform: false }>;

export type MadeTile = {
  readonly tile: EncodedTile;
  readonly made: TileMade;
  /** Of a tile that was quilted: the plane of each block, where the map's own has no sound tile that of another. */
  readonly quiltOf?: MixedPlanes;
};

/** Where a tile is read, and how its level is stored. */
export type TileMaking = {
  readonly source: SlideSource;
  readonly level: Level;
  readonly storage: LevelStorage;
  readonly row: number;
  readonly column: number;
  /** `full`: tiles are decoded before they are copied; one that can't be is `damaged`. */
  readonly check?: CopyCheck | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Makes one tile of a level that the source has. */
export async function makeTile(making: TileMaking, planes: TilePlanes): Promise<MadeTile> {
  const { storage } = making;
  const found = withoutMissing(making, planes);
  if (!found) return encodeParts(making, planes, 'tile missing in the source');
  if (storage.obstacle) return encodeParts(making, found, storage.obstacle);
  if (found.uniform) return { tile: await copyOf(making, found.plane), made: 'copied' };
  return storage.quiltable ? quilt(making, found, 'quilted') : encodeParts(making, found, 'mixed planes');
}

function placeOf(
  { source, level, row, column }: TileMaking,
  plane: number,
): Place & { level: number; plane: number; row: number; column: number } {
  return { file: source.fileOf(plane), level: level.level, plane, row, column };
}

function read(making: TileMaking, plane: number): Promise<EncodedTile | undefined> {
  return making.source.readTile(placeOf(making, plane), making.signal);
}

/** Blocks of planes that lack this tile go to one that has it; undefined where no plane has. */
function withoutMissing(making: TileMaking, planes: TilePlanes): TilePlanes | undefined {
  const has = (plane: number) => making.source.hasTile(placeOf(making, plane));
  if (planes.uniform) {
    if (has(planes.plane)) return planes;
    const others = making.source.info.planes.map(({ plane }) => plane).filter(has);
    const distance = (plane: number) => Math.abs(plane - planes.plane);
    const [nearest] = others.sort((a, b) => distance(a) - distance(b) || a - b);
    return nearest === undefined ? undefined : { uniform: true, plane: nearest };
  }
  const missing = new Set(planesIn(planes.blocks).filter((plane) => !has(plane)));
  if (missing.size === 0) return planes;
  const rest = withoutPlanes(planes, missing);
  return rest ?? withoutMissing(making, { uniform: true, plane: mostFrequentPlane(planes.blocks) });
}

function withoutPlanes({ blocks, columns, side }: MixedPlanes, out: ReadonlySet<number>): TilePlanes | undefined {
  const kept = blocks.filter((plane) => !out.has(plane));
  if (kept.length === 0) return undefined;
  const most = mostFrequentPlane(kept);
  if (kept.every((plane) => plane === most)) return { uniform: true, plane: most };
  return { uniform: false, blocks: blocks.map((plane) => (out.has(plane) ? most : plane)), columns, side };
}

/** The plane's own bytes, with the tables that they rely on where the level does not keep them. */
async function copyOf(making: TileMaking, plane: number): Promise<EncodedTile> {
  const { encoding, check } = making.storage;
  const stored = (await read(making, plane)) as EncodedTile;
  return locating(placeOf(making, plane), async () => {
    const abbreviated = encoding.codec === 'jpeg' && !encoding.jpegTables;
    const bytes = abbreviated ? spliceTables(stored.encoding.jpegTables, stored.bytes) : stored.bytes;
    check(bytes, 0, bytes.length);
    const tile = { bytes, encoding };
    if (making.check === 'full') await decodeTile(tile);
    return tile;
  });
}

/**
 * Puts a tile together from several planes' MCUs. A plane whose stream is damaged is left out; where streams differ in a way that can't
 * be mixed, the tile is that of the plane that most blocks have.
 */
async function quilt(making: TileMaking, quiltOf: MixedPlanes, made: TileMade): Promise<MadeTile> {
  const { blocks, columns } = quiltOf;
  const planes = planesIn(blocks);
  const tiles = (await Promise.all(planes.map((plane) => read(making, plane)))) as EncodedTile[];
  const places = new Uint8Array(planes[planes.length - 1] + 1);
  for (const [place, plane] of planes.entries()) places[plane] = place;
  const choice = new Uint8Array(blocks.length);
  for (let block = 0; block < blocks.length; block++) choice[block] = places[blocks[block]];
  const quilted = await runTileJob('quiltPlanes', tiles, choice, columns);
  const { encoding } = making.storage;
  if (quilted.quilted) {
    const bytes = encoding.jpegTables ? quilted.bytes : spliceTables(quilted.tables, quilted.bytes);
    return { tile: { bytes, encoding }, made, quiltOf };
  }
  if (quilted.reason === 'unreadable') {
    return quiltWithout(
      making,
      quiltOf,
      quilted.tiles.map((tile) => planes[tile]),
      'damaged',
    );
  }
  const { reason, tile } = quilted;
  const out = reason === 'damaged' ? [planes[tile]] : planes.filter((plane) => plane !== mostFrequentPlane(blocks));
  return quiltWithout(making, quiltOf, out, reason);
}

/** The tile without some of its planes, whose blocks go to the one that most others have. */
async function quiltWithout(
  making: TileMaking,
  planes: MixedPlanes,
  out: readonly number[],
  reason: UnquiltableReason,
): Promise<MadeTile> {
  const rest = withoutPlanes(planes, new Set(out));
  if (!rest)
    throw new SlideError('damaged', 'the tile is damaged on every plane it should show', placeOf(making, out[0]));
  if (!rest.uniform) return quilt(making, rest, 'not mixed in full: damaged');
  return { tile: await copyOf(making, rest.plane), made: `not mixed: ${reason}` };
}

/** Through pixels: each block from the tile of its plane; blank where no plane has one. */
async function encodeParts(making: TileMaking, planes: TilePlanes, made: EncodeReason): Promise<MadeTile> {
  const { level, storage } = making;
  const { encoding, quality } = storage;
  const pixels = (plane: number) =>
    locating(placeOf(making, plane), async () => {
      const tile = await read(making, plane);
      return tile && decodeTile(tile);
    });
  const composed = await composeFromPlanes(level.grid, encoding, planes, pixels);
  // Of some slides it is only known once a tile was read that there is none.
  const there = withoutMissing(making, planes) ?? planes;
  if (there !== planes) return encodeParts(making, there, made);
  return { tile: await encodeTile(composed, encoding, quality), made };
}
