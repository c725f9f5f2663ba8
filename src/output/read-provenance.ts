// What a flattened slide says of itself, read back.
import { SlideError } from '../errors.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { SlideInfo } from '../slide/slide-info.js';
import { depthMapNamespace, provenanceNamespace } from './provenance.js';

/** The depth map that a flattened slide carries, without confidence; `mismatch` where it carries none that makes sense. */
export function readDepthMap({ annotations, files }: SlideInfo): DepthMap {
  const text = annotations.find(({ namespace }) => namespace === depthMapNamespace)?.value;
  const place = { file: files[0], hint: 'only slides that zflat flattened can be verified' };
  if (typeof text !== 'string') throw new SlideError('mismatch', 'carries no depth map', place);
  const map = parse(text);
  const whole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
  const { level, columns, rows, planeCount, planes } = map;
  const sound =
    whole(level) &&
    whole(columns) &&
    whole(rows) &&
    whole(planeCount) &&
    Array.isArray(planes) &&
    planes.length === columns * rows &&
    planes.every((plane) => whole(plane) && plane < planeCount);
  if (!sound) throw new SlideError('mismatch', 'carries a depth map that contradicts itself', place);
  const tiles = columns * rows;
  return {
    level,
    columns,
    rows,
    planeCount,
    planes: Uint16Array.from(planes),
    confidence: new Float32Array(tiles),
    looked: new Uint16Array(tiles),
  };
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
