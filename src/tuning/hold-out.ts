// What is held out of tuning: every other slide; of a single one, every other band of its tiles.
import { contentMask } from '../planner/contract/content.js';
import { tileCount } from '../slide/tile-grid.js';
import { knownScores } from './retained.js';
import { scoresBy, type TunedSlide } from './try-settings.js';
import type { LookKind } from './tuned-settings.js';

/** Bands of tiles that every other one is held out of. */
export type Bands = {
  /** What a band is made of. */
  readonly of: 'rows' | 'columns';
  /** How many of them a band has. */
  readonly each: number;
};

/** What nothing is chosen by: slides, bands of the only one, or, where that can't be cut, other seeds alone. */
export type HeldOutBy = 'slides' | 'bands' | 'seeds';

export type Holding = {
  readonly tuning: readonly TunedSlide[];
  readonly heldOut: readonly TunedSlide[];
  readonly heldOutBy: HeldOutBy;
  /** The bands, where there are any. */
  readonly bands?: Bands;
};

/** About so many bands: each half sees all regions of the slide, and most tiles have their neighbours in their own half. */
const bandCount = 8;

/** Parts slides in two halves; the choice is made by the first and held against the second. */
export function holdOut(slides: readonly TunedSlide[], judge: LookKind): Holding {
  const pick = (rest: number) => slides.filter((_, i) => i % 2 === rest);
  if (slides.length > 1) return { tuning: pick(0), heldOut: pick(1), heldOutBy: 'slides' };
  const [slide] = slides;
  const bands = bandsOf(slide);
  const halves = [0, 1].map((rest): TunedSlide => ({ ...slide, judged: everyOther(slide, bands, rest) }));
  const content = contentMask(knownScores(scoresBy(slide, judge)), slide.problem.planeCount);
  const hasContent = ({ judged }: TunedSlide) => content.some((has, tile) => has && judged?.[tile]);
  if (!halves.every(hasContent)) return { tuning: slides, heldOut: slides, heldOutBy: 'seeds' };
  return { tuning: [halves[0]], heldOut: [halves[1]], heldOutBy: 'bands', bands };
}

/** Across the longer side. */
function bandsOf({ problem: { level } }: TunedSlide): Bands {
  const { rows, columns } = level.grid;
  const each = Math.max(1, Math.round(Math.max(rows, columns) / bandCount));
  return { of: rows >= columns ? 'rows' : 'columns', each };
}

/** 1 for tiles of the first, third … band, or of the others. */
function everyOther({ problem: { level } }: TunedSlide, { of, each }: Bands, rest: number): Uint8Array {
  const { columns } = level.grid;
  return Uint8Array.from({ length: tileCount(level.grid) }, (_, tile) => {
    const place = of === 'rows' ? Math.floor(tile / columns) : tile % columns;
    return Math.floor(place / each) % 2 === rest ? 1 : 0;
  });
}
