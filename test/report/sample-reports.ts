// Reports to show: invented, every figure another number.
import type { ComparePictures } from '../../src/report/compare-pictures.js';
import type {
  AccuracySummary,
  CompareBatchReport,
  CompareReport,
  PlanSummary,
  ReportOrigin,
  RunReport,
  SlideSummary,
} from '../../src/report/run-report.js';

export const slide: SlideSummary = {
  name: 'cervix-0417.ome.tiff',
  format: 'OME-TIFF',
  files: ['cervix-0417.ome.tiff'],
  width: 40_960,
  height: 30_217,
  tileWidth: 256,
  tileHeight: 254,
  levels: [0, 1, 2, 5],
  planes: 7,
  zUm: [-2.5, -1.75, -1, 0, 0.85, 1.65, 2.45],
  codec: 'jpeg',
  micronsPerPixel: { x: 0.252, y: 0.253 },
  notes: ['level 3 is left out: its size is not that of the others, halved'],
};

const plan: PlanSummary = {
  method: 'adaptive',
  tiles: 19_040,
  tilesWithContent: 7214,
  planes: 7,
  probes: { survey: 12, calibrate: 341, search: 2875, audit: 336, blocks: 0 },
  looks: [
    { reason: 'survey', level: 2, probes: 12, pixels: 780_288 },
    { reason: 'calibrate', level: 0, probes: 341, pixels: 22_172_102 },
    { reason: 'search', level: 0, probes: 2803, pixels: 182_262_272 },
    { reason: 'search', level: 1, probes: 72, pixels: 4_681_728 },
    { reason: 'audit', level: 0, probes: 336, pixels: 21_838_906 },
  ],
  pixelsDecoded: 231_735_296,
  exhaustivePixels: 8_666_710_016,
  cost: 0.0267,
  bytesRead: 48_212_733,
  rounds: 9,
  targetMet: true,
  notes: [],
};

const audit: AccuracySummary = {
  kind: 'audit',
  tiles: 48,
  agreement: 0.9792,
  withinOne: 0.9931,
  retained: 0.99958,
  retainedInterval: [0.9989, 0.99992],
  worst: 0.9413,
};

/** Where the reports are from. */
export const origin: ReportOrigin = {
  date: '2026-03-04T05:06:07.890Z',
  command: 'zflat flatten cervix-0417.ome.tiff -o cervix-0417-flat.ome.tiff',
  input: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};

export const flattenReport: RunReport = {
  schema: 'zflat.report/2',
  slide,
  origin,
  options: {
    method: 'adaptive',
    target: 0.999,
    prove: false,
    maxCost: null,
    measure: 'box-difference',
    subsample: 4,
    seed: 11,
  },
  plan,
  accuracy: audit,
  output: {
    path: 'cervix-0417-flat.ome.tiff',
    bytes: 402_118_904,
    tilesCopied: 22_871,
    tilesQuilted: 412,
    tilesUnmixed: {},
    tilesEncoded: { 'mixed planes': 2482, 'tile missing in the source': 17 },
  },
  elapsedMs: { open: 86, plan: 3120, write: 1874, total: 5093 },
  peakRssBytes: 311_427_072,
  software: 'zflat 0.1.0',
};

const { output: _, ...mapReport } = flattenReport;
/** Nothing written, scored whole. */
export const exhaustiveMapReport: RunReport = {
  ...mapReport,
  plan: { ...plan, method: 'exhaustive', cost: 1, pixelsDecoded: plan.exhaustivePixels },
  accuracy: {
    ...audit,
    kind: 'exhaustive',
    tiles: 7214,
    agreement: 1,
    withinOne: 1,
    retained: 1,
    retainedInterval: [1, 1],
    worst: 1,
  },
};

export const compareReport: CompareReport = {
  schema: 'zflat.compare/1',
  slide: { ...slide, notes: [] },
  options: { method: 'adaptive', target: 0.997, prove: false, maxCost: null, preset: 'smears.json', seed: 13 },
  judge: 'box-difference',
  methods: [
    {
      method: 'adaptive',
      measure: 'dct-mid',
      plan: { ...plan, notes: ['compressed lengths are not used: the planes differ in quality'] },
      accuracy: {
        ...audit,
        kind: 'exhaustive',
        tiles: 7214,
        agreement: 0.9688,
        withinOne: 0.9977,
        retained: 0.99941,
        retainedInterval: [0.99941, 0.99941],
        worst: 0.8125,
      },
      audit,
      auditTruth: {
        ...audit,
        kind: 'exhaustive',
        tiles: 7199,
        agreement: 0.9713,
        withinOne: 0.9967,
        retained: 0.99947,
        worst: 0.8213,
      },
      elapsedMs: 3120,
    },
    {
      method: 'quadtree',
      measure: 'box-difference',
      plan: {
        ...plan,
        method: 'quadtree',
        cost: 0.4312,
        pixelsDecoded: 3_737_085_358,
        bytesRead: 912_004_551,
        rounds: 31,
      },
      accuracy: {
        ...audit,
        kind: 'exhaustive',
        tiles: 7214,
        agreement: 0.9123,
        withinOne: 0.9544,
        retained: 0.98715,
        retainedInterval: [0.98715, 0.98715],
        worst: 0.4021,
      },
      audit: { ...audit, retained: 0.9951, retainedInterval: [0.9917, 0.9985] },
      auditTruth: {
        ...{ ...audit, kind: 'exhaustive', tiles: 7214, agreement: 0.9123, withinOne: 0.9544, retained: 0.98715 },
        worst: 0.4021,
      },
      elapsedMs: 41_800,
    },
    {
      method: 'exhaustive',
      measure: 'box-difference',
      plan: { ...exhaustiveMapReport.plan, bytesRead: 1_804_772_113, rounds: 137 },
      accuracy: exhaustiveMapReport.accuracy,
      audit: null,
      auditTruth: null,
      elapsedMs: 118_600,
    },
  ],
  middlePlane: {
    plane: 3,
    accuracy: {
      ...{ kind: 'exhaustive', tiles: 7214, agreement: 0.2213, withinOne: 0.5527, retained: 0.7329 },
      ...{ retainedInterval: [0.7329, 0.7329], worst: 0.1176 },
    },
  },
  reference: null,
  worstTiles: [
    { row: 17, column: 88, chosen: 1, best: 6, kept: 0.8125, middleKept: 0.3141, shareOfLoss: 0.0834 },
    { row: 64, column: 5, chosen: 4, best: 2, kept: 0.8467, middleKept: 0.9412, shareOfLoss: 0.0617 },
  ],
  curves: [
    { row: 3, column: 29, chosen: 2, best: 2, relative: [0.4, 0.8, 1, 0.9, 0.7, 0.5, 0.3] },
    { row: 71, column: 93, chosen: 5, best: 6, relative: [0.2, 0.2, 0.3, 0.4, 0.6, 0.93, 1] },
  ],
  elapsedMs: { open: 79, pictures: 874, total: 164_900 },
  software: 'zflat 0.1.0',
};

const [first, ...others] = compareReport.methods;
const changed = (name: string, accuracy: Partial<AccuracySummary>, cost: number): CompareReport => ({
  ...compareReport,
  slide: { ...slide, name, files: [name] },
  methods: [{ ...first, plan: { ...first.plan, cost }, accuracy: { ...first.accuracy, ...accuracy } }, ...others],
});

/** The last slide has no tile with content. */
export const batchReport: CompareBatchReport = {
  schema: 'zflat.compare-batch/1',
  slides: [
    compareReport,
    changed('b.ome.tiff', { retained: 0.97831 }, 0.1251),
    changed('empty.ome.tiff', { tiles: 0, agreement: 1, withinOne: 1, retained: 1, worst: 1 }, 0.0268),
  ],
  failed: [{ files: ['cut.svs'], code: 'damaged', error: 'cut.svs: ends after 8117 bytes' }],
  software: 'zflat 0.1.0',
};

/** Pictures by name that only look like one from their first bytes. */
export function samplePictures(methods: readonly string[]): ComparePictures {
  const png = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  const named = Object.fromEntries(methods.map((name) => [name, png]));
  const tile = { width: 256, height: 254, jpeg: Uint8Array.of(255, 216, 255, 217) };
  const region = { ...tile, width: 1024, height: 762 };
  return {
    heatmaps: named,
    differences: named,
    worstTiles: compareReport.worstTiles.map(() => ({ chosen: tile, best: tile, middle: tile })),
    region: { level: 0, x: 4608, y: 5842, middle: region, flattened: region },
  };
}
