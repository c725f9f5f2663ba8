// From survey and sample to a belief: which transformation of the evidence is best, what it is worth, what tiles weigh, and how
// losses foretold compare with losses that happened.
import { bestPlane } from '../contract/accuracy.js';
import { rowsOf, tileMajor } from '../contract/number-table.js';
import type { ScoreBoard } from '../contract/score-table.js';
import { calibrate } from './calibration.js';
import { tileOutlook } from './condition-on-scores.js';
import { weighTiles } from './content.js';
import { emptyShares, type Lean, leans, strongestPlane, upright } from './evidence.js';
import type { EvidenceSource, Reading } from './evidence-source.js';
import { type Forecast, foretell, joinForecasts } from './forecast.js';
import { type Belief, kappaFrom } from './slide-model.js';
import type { Survey } from './survey-evidence.js';

/** A lean is believed only if straightening it saves this many standard errors. */
const leanSignificance = 2;
/** However well forecasts did on the sample, they are not believed to be more than this pessimistic. */
const leastKappa = 0.3;

/** What `tiles`, scored on all planes, teach about the survey. */
export function believe(survey: Survey, board: ScoreBoard, tiles: readonly number[]): Belief {
  const { problem } = board;
  const sources = survey.sources.map((source) => learnFrom(source, board, tiles));
  const { forecast, favourites } = joinForecasts(
    sources.map((source) => source.foretold),
    problem.planeCount,
  );
  const weights = weighTiles(forecast, board);
  const { caution } = survey;
  return {
    forecast,
    widening: 1,
    favourites,
    fit: sources[0].fit,
    weights,
    caution,
    ...lossesOn(tiles, forecast, board, weights.foretold),
  };
}

function learnFrom(source: EvidenceSource, board: ScoreBoard, tiles: readonly number[]) {
  const { scores, problem } = board;
  const { planeCount } = problem;
  // Calibration is shown the rows of its tiles alone
  const seen = rowsOf(tileMajor(scores, planeCount), tiles);
  const rows = [...tiles.keys()];
  const fitTo = (reading: Reading) => {
    return { reading, fit: calibrate(source.rows(tiles, reading), seen, planeCount, rows, source.expected) };
  };
  const plain = emptyShares
    .map((share) => fitTo({ share, lean: upright }))
    .reduce((best, other) => (other.fit.likelihood > best.fit.likelihood ? other : best));
  const lean = leanOf(source, plain.reading.share, board, tiles);
  const { reading, fit } = lean === upright ? plain : fitTo({ ...plain.reading, lean });
  const bestOf = (tile: number) => ({ tile, best: scores[tile * planeCount + bestPlane(scores, planeCount, tile)] });
  const known = { tiles: tiles.map(bestOf), floor: board.leastScore };
  return { fit, foretold: foretell(source.read(reading), fit, source.content, known) };
}

/** The lean that the tiles show in the evidence; upright where they show none. */
function leanOf(source: EvidenceSource, share: number, board: ScoreBoard, tiles: readonly number[]): Lean {
  const losses = (lean: Lean) => {
    const rows = source.rows(tiles, { share, lean });
    return tiles.map((tile, i) => lossOf(strongestPlane(rows, source.planeCount, i), board, tile));
  };
  const plain = losses(upright);
  let best = upright;
  let saved = 0;
  for (const lean of leans) {
    const straight = losses(lean);
    const savings = plain.map((loss, i) => loss - straight[i]);
    const mean = savings.reduce((sum, saving) => sum + saving, 0) / savings.length;
    const squares = savings.reduce((sum, saving) => sum + (saving - mean) ** 2, 0);
    const error = Math.sqrt(squares / Math.max(1, savings.length - 1) / savings.length);
    if (mean > saved && mean > leanSignificance * error) {
      best = lean;
      saved = mean;
    }
  }
  return best;
}

/** What choosing a plane of a tile that was scored on all planes would lose, in parts of its best F. */
function lossOf(plane: number, { scores, problem: { planeCount } }: ScoreBoard, tile: number): number {
  const best = scores[tile * planeCount + bestPlane(scores, planeCount, tile)];
  return plane < 0 || !(best > 0) ? 0 : 1 - scores[tile * planeCount + plane] / best;
}

/** How losses that happen on tiles compare with those foretold, and with all that could be lost there. */
function lossesOn(
  tiles: readonly number[],
  forecast: Forecast,
  board: ScoreBoard,
  counted: Float64Array,
): Pick<Belief, 'kappa' | 'blindLoss'> {
  const blank = new Float64Array(board.problem.planeCount).fill(Number.NaN);
  let observed = 0;
  let foretold = 0;
  let squares = 0;
  let whole = 0;
  for (const tile of tiles) {
    const { plane, loss, secondMoment } = tileOutlook(forecast, tile, blank);
    whole += counted[tile];
    observed += counted[tile] * lossOf(plane, board, tile);
    foretold += counted[tile] * loss;
    squares += counted[tile] ** 2 * secondMoment;
  }
  const kappa = Math.max(leastKappa, kappaFrom(foretold, observed, squares, 1));
  return { kappa, blindLoss: whole > 0 ? observed / whole : 0 };
}
