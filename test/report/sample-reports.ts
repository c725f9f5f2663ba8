// Reports to show: invented, every figure another number.
import type {
  AccuracySummary,
  CompareReport,
  PlanSummary,
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

export const flattenReport: RunReport = {
  schema: 'zflat.report/1',
  slide,
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
  methods: [
    {
      method: 'adaptive',
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
      elapsedMs: 3120,
    },
    {
      method: 'quadtree',
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
      elapsedMs: 41_800,
    },
    {
      method: 'exhaustive',
      plan: { ...exhaustiveMapReport.plan, bytesRead: 1_804_772_113, rounds: 137 },
      accuracy: exhaustiveMapReport.accuracy,
      audit: null,
      elapsedMs: 118_600,
    },
  ],
  software: 'zflat 0.1.0',
};
