// What a flattened slide says of itself, read back.
import { SlideError } from '../errors.js';
import { blocksPerTile, type DepthMap } from '../slide/depth-map.js';
import type { SlideInfo } from '../slide/slide-info.js';
import { unpackBlocks } from './packed-blocks.js';
import { depthMapNamespace, provenanceNamespace } from './provenance.js';

/** The depth map that a flattened slide carries, without confidence; `mismatch` where it carries none that makes sense. */
export function readDepthMap(info: SlideInfo): DepthMap {
  const text = info.annotations.find(({ namespace }) => namespace === depthMapNamespace)?.value;
  const place = { file: info.files[0], hint: 'only slides that zflat flattened can be verified' };
  if (typeof text !== 'string') throw new SlideError('mismatch', 'carries no depth map', place);
  const map = toDepthMap(parse(text), info);
  if (!map) throw new SlideError('mismatch', 'carries a depth map that contradicts itself', place);
  return map;
}

function toDepthMap(map: Record<string, unknown>, { levels: [{ grid }] }: SlideInfo): DepthMap | undefined {
  const { level, columns, rows, planeCount, planes, blocks } = map;
  if (!isWhole(level) || !isWhole(columns) || !isWhole(rows) || !isWhole(planeCount)) return undefined;
  const isPlane = (value: unknown) => isWhole(value) && value < planeCount;
  if (!Array.isArray(planes) || planes.length !== columns * rows || !planes.every(isPlane)) return undefined;
  const perTile = blocksPerTile(grid);
  const unpacked = blocks === undefined ? new Map() : unpack(blocks, perTile.columns * perTile.rows, planeCount);
  if (!unpacked || [...unpacked.keys()].some((tile) => tile >= planes.length)) return undefined;
  return {
    level,
    columns,
    rows,
    planeCount,
    planes: Uint16Array.from(planes),
    confidence: new Float32Array(planes.length),
    looked: new Uint16Array(planes.length),
    blocks: unpacked,
  };
}

function unpack(blocks: unknown, perTile: number, planeCount: number): ReadonlyMap<number, Uint16Array> | undefined {
  const { tiles, planes } = (blocks ?? {}) as Record<string, unknown>;
  if (!Array.isArray(tiles) || !tiles.every(isWhole) || typeof planes !== 'string') return undefined;
  return unpackBlocks({ tiles, planes }, perTile, planeCount);
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Keys and values of how the slide was made; empty where it says nothing. */
export function readProvenance({ annotations }: SlideInfo): ReadonlyMap<string, string> {
  const facts = annotations.find(({ namespace }) => namespace === provenanceNamespace)?.value;
  return facts instanceof Map ? facts : new Map();
}

function parse(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
