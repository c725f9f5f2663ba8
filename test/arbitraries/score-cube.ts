// Arbitrary slides as score cubes: any surface, any evidence, any pyramid.
import fc from 'fast-check';
import type { ScoreCube } from '../../experiments/harness/record/score-cube.js';
import type { Level } from '../../src/slide/pyramid.js';
import type { TileLengths } from '../../src/slide/slide-source.js';
import { layTileGrid } from '../../src/slide/tile-grid.js';
import { type EvidencePlan, evidenceArbitrary, evidenceOf } from './score-cube-evidence.js';
import { curvesOf, type Surface, surfaceArbitrary } from './score-cube-surface.js';

/** A slide as fast-check prints and shrinks it; cubeOf makes it. */
export type ImaginedSlide = {
  readonly surface: Surface;
  readonly evidence: EvidencePlan;
  /** Pixels that the last row and column of tiles lack. */
  readonly cut: number;
  /** How half a pixel of a coarser level is rounded: down, it may lack the last row or column. */
  readonly rounding: 'up' | 'down';
};

const tileSide = 16;

/** Any slide; parts of its surface and its evidence may be pinned. */
export function slideArbitrary(
  surface: Partial<Surface> = {},
  evidence: Partial<EvidencePlan> = {},
): fc.Arbitrary<ImaginedSlide> {
  return fc.record({
    surface: surfaceArbitrary(surface),
    evidence: evidenceArbitrary.map((any) => ({ ...any, ...evidence })),
    cut: fc.constantFrom(0, 1, 9, 15),
    rounding: fc.constantFrom('up', 'down'),
  });
}

/** The score cube of an imagined slide; every level has tiles of 16 pixels. */
export function cubeOf({ surface, evidence, cut, rounding }: ImaginedSlide): ScoreCube {
  const { columns, rows, planeCount, seed } = surface;
  const imagined = curvesOf(surface);
  const lengths = lengthsOf(imagined, planeCount, evidence, seed);
  // A tile without bytes is no tile.
  const scores = imagined.map((score, slot) => (bytesAt(lengths, planeCount, slot) === 0 ? Number.NaN : score));
  const size = { width: columns * tileSide - cut, height: rows * tileSide - cut };
  const levelOf = (level: number): Level => {
    const scaled = (pixels: number) =>
      Math.max(1, rounding === 'up' ? Math.ceil(pixels / 2 ** level) : Math.floor(pixels / 2 ** level));
    const image = { width: scaled(size.width), height: scaled(size.height) };
    return { level, grid: layTileGrid(image, { width: tileSide, height: tileSide }) };
  };
  const numbersOf = (level: number) => evidenceOf(scores, planeCount, evidence.pixels, seed + level);
  return {
    name: `${surface.shape}, ${surface.fault}`,
    problem: {
      level: levelOf(0),
      coarser: evidence.levels.map(levelOf),
      planeCount,
      lengths,
    },
    scores,
    evidence: new Map(evidence.levels.map((level) => [level, withGaps(numbersOf(level), evidence)])),
  };
}

function lengthsOf(scores: Float64Array, planeCount: number, { lengths }: EvidencePlan, seed: number): TileLengths {
  if (lengths === undefined) return { comparable: false, reason: 'the slide was imagined without' };
  const byTile = evidenceOf(scores, planeCount, lengths, seed);
  const tiles = scores.length / planeCount;
  const bytes = Float64Array.from(byTile, (_, i) => byTile[(i % tiles) * planeCount + Math.floor(i / tiles)]);
  return { comparable: true, bytes };
}

/** Bytes of the tile and plane that a slot [tile][plane] stands for; undefined where lengths can't be compared. */
function bytesAt(lengths: TileLengths, planeCount: number, slot: number): number | undefined {
  if (!lengths.comparable) return undefined;
  const tiles = lengths.bytes.length / planeCount;
  return lengths.bytes[(slot % planeCount) * tiles + Math.floor(slot / planeCount)];
}

/** Parts without pixels are answered with NaN. */
function withGaps(numbers: Float64Array, { pixels }: EvidencePlan): Float64Array {
  return pixels === 'gaps' ? numbers.map((number) => (number === 0 ? Number.NaN : number)) : numbers;
}
