// What a run did, how good the result is and what it took: the contract that other programs read (schema zflat.report/2; /1 differs in which tiles count as content, and says 1 where nothing is known).
import type { EvidenceSummary, ProbeReason } from '../planner/contract/plan-rounds.js';
import type { SlideSelection } from '../slide/slide-selection.js';

export type SlideSummary = {
  readonly name: string;
  readonly format: string;
  /** Names, without folders. */
  readonly files: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly levels: readonly number[];
  readonly planes: number;
  readonly zUm: readonly (number | null)[];
  readonly codec: string;
  readonly micronsPerPixel: { readonly x: number; readonly y: number } | null;
  /** Which channel, timepoint and scene was taken, of how many; missing in reports of older versions. */
  readonly selection?: SlideSelection;
  readonly notes: readonly string[];
};

/** What choosing planes by block came to. */
export type BlocksSummary = {
  /** Tiles whose blocks were scored. */
  readonly tilesScored: number;
  /** Tiles that mix planes. */
  readonly tilesMixed: number;
  /** Focus of the scored tiles as chosen, over that of each tile's best single plane. */
  readonly gain: number;
  /** Mean luma of textured blocks that changes from plane to plane, in parts of what changes around them: above .3 planes are not mixed. */
  readonly drift: number;
  /** False where tiles stay whole: notes say why. */
  readonly mixed: boolean;
  /** Of the result by block, or of what mixing would keep where tiles stay whole; missing where nothing could be paid for. */
  readonly accuracy?: BlockAccuracySummary;
};

/** Over blocks with content, against the exhaustive method by block: every block of every plane is scored. */
export type BlockAccuracySummary = {
  readonly kind: 'audit' | 'exhaustive';
  /** Tiles that were drawn by chance and scored on all planes, and their blocks with content. */
  readonly tiles: number;
  readonly blocks: number;
  readonly retained: number;
  readonly retainedInterval: readonly [number, number];
  /** Of a tile. */
  readonly worst: number;
  /** What one plane a tile keeps of the same. */
  readonly tileRetained: number;
};

export type PlanSummary = {
  readonly method: string;
  readonly tiles: number;
  readonly tilesWithContent: number;
  readonly planes: number;
  readonly probes: Readonly<Record<ProbeReason, number>>;
  /** The same by level, with the pixels they decoded: reasons in their order, levels from fine to coarse. */
  readonly looks: readonly {
    readonly reason: ProbeReason;
    readonly level: number;
    readonly probes: number;
    readonly pixels: number;
  }[];
  readonly pixelsDecoded: number;
  readonly exhaustivePixels: number;
  /** pixelsDecoded / exhaustivePixels. */
  readonly cost: number;
  readonly bytesRead: number;
  readonly rounds: number;
  /** False where maxCost was spent before the target was met, at the grain of the result. */
  readonly targetMet: boolean;
  /** The evidence that was trusted, and what calibration made of it; missing for methods that use none. */
  readonly evidence?: EvidenceSummary;
  /** Missing where planes were chosen for whole tiles. */
  readonly blocks?: BlocksSummary;
  readonly notes: readonly string[];
};

/** Figures are NaN, null in JSON, where no tile with content was measured. */
export type AccuracySummary = {
  readonly kind: 'audit' | 'exhaustive';
  readonly tiles: number;
  readonly agreement: number;
  readonly withinOne: number;
  readonly retained: number;
  readonly retainedInterval: readonly [number, number];
  readonly worst: number;
};

/** Tiles of all levels, by how they came about. */
export type TileCounts = {
  /** Byte for byte the source's. */
  readonly tilesCopied: number;
  /** Put together from the compressed tiles of several planes: every MCU has the coefficients that the scanner wrote. */
  readonly tilesQuilted: number;
  /** Of one plane where several should be mixed, or of fewer planes than the map names, by reason. */
  readonly tilesUnmixed: Readonly<Record<string, number>>;
  /** Encoded anew, by reason. */
  readonly tilesEncoded: Readonly<Record<string, number>>;
};

export type OutputSummary = TileCounts & {
  readonly path: string;
  readonly bytes: number;
  /** Pictures of the glass that were copied: label, macro, thumbnail. Missing, as the two below, in reports of older versions. */
  readonly pictures?: readonly string[];
  /** What was carried over that may tell whose slide it is. */
  readonly carried?: readonly string[];
  /** What was left out because it was asked for. */
  readonly removed?: readonly string[];
};

/** Where a report comes from. */
export type ReportOrigin = {
  /** When it was made, by ISO 8601. */
  readonly date: string;
  /** The command line; null where a program made it, or where it might tell whose slide it is. */
  readonly command: string | null;
  /** What tells the input from others: SHA-256 over length, first and last 65,536 bytes of each file; null where it is not of files. */
  readonly input: string | null;
};

export type RunReport = {
  readonly schema: 'zflat.report/2';
  readonly slide: SlideSummary;
  /** Options as they were in force, defaults included. */
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  readonly plan: PlanSummary;
  readonly accuracy: AccuracySummary;
  /** Missing in reports of older versions. */
  readonly origin?: ReportOrigin;
  /** Missing where nothing was written (zflat map, zflat compare). */
  readonly output?: OutputSummary;
  /** What was fetched from servers, from opening to the end, and the length of the files it is of, if of files; missing for local slides. */
  readonly network?: { readonly requests: number; readonly bytes: number; readonly fileBytes?: number | undefined };
  readonly elapsedMs: { readonly open: number; readonly plan: number; readonly write: number; readonly total: number };
  readonly peakRssBytes: number;
  readonly software: string;
};

/** A tile whose chosen plane is not its sharpest. */
export type WorstTile = {
  readonly row: number;
  readonly column: number;
  readonly chosen: number;
  readonly best: number;
  /** F(chosen) / F(best). */
  readonly kept: number;
  /** F of the plane in the middle of the stack / F(best). */
  readonly middleKept: number;
  /** What this tile lost, in parts of what all tiles with content lost. */
  readonly shareOfLoss: number;
};

/** F of every plane of a tile. */
export type CurveSample = {
  readonly row: number;
  readonly column: number;
  readonly chosen: number;
  readonly best: number;
  /** In parts of the highest, a plane each. */
  readonly relative: readonly number[];
};

/** Two methods on one slide (zflat compare; schema zflat.compare/1). */
export type CompareReport = {
  readonly schema: 'zflat.compare/1';
  readonly slide: SlideSummary;
  /** Options of the first method as they were in force, defaults included. */
  readonly options: RunReport['options'];
  /** The focus measure that all accuracies are by, but for `audit` and `auditTruth`. */
  readonly judge: string;
  readonly methods: readonly {
    readonly method: string;
    /** The focus measure that it chose planes by. */
    readonly measure: string;
    readonly plan: PlanSummary;
    /** Against the exhaustive method, over the whole slide. */
    readonly accuracy: AccuracySummary;
    /** What the method itself said of its accuracy, by its own measure; null for the exhaustive one. */
    readonly audit: AccuracySummary | null;
    /** What the audit should have said: over the whole slide, by the method's own measure. */
    readonly auditTruth: AccuracySummary | null;
    readonly elapsedMs: number;
  }[];
  /** What one plane alone keeps: that in the middle of the stack, the upper of two. */
  readonly middlePlane: { readonly plane: number; readonly accuracy: AccuracySummary };
  /** The picture that the slide was held against, if there was one. */
  readonly reference: ReferenceSummary | null;
  /** Where the first method lost most, in parts of the tile: the worst first, ten at most. */
  readonly worstTiles: readonly WorstTile[];
  /** Some tiles with content, evenly spread over the slide. */
  readonly curves: readonly CurveSample[];
  /** Missing in reports of older versions. */
  readonly origin?: ReportOrigin;
  /** Beside the methods' own time. */
  readonly elapsedMs: { readonly open: number; readonly pictures: number; readonly total: number };
  readonly software: string;
};

/** A picture of the same field that is sharp by other means, over tiles with content. */
export type ReferenceSummary = {
  readonly name: string;
  readonly tiles: number;
  /** Its focus over that of the sharpest planes: above 1 where it is sharper than any. */
  readonly sharpness: number;
  /** Share of tiles on which it is sharper than the plane that the first method chose. */
  readonly sharper: number;
};

/** Methods on several slides (zflat compare; schema zflat.compare-batch/1). */
export type CompareBatchReport = {
  readonly schema: 'zflat.compare-batch/1';
  readonly slides: readonly CompareReport[];
  /** Slides that could not be compared, and why. */
  readonly failed: readonly {
    /** Names, without folders. */
    readonly files: readonly string[];
    /** As SlideError has it; `defect` where zflat itself is wrong. */
    readonly code: string;
    readonly error: string;
  }[];
  readonly software: string;
};
