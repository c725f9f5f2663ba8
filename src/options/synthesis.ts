// What can be asked of a synthetic slide.
import { defaultSynthSettings, type SynthOptions } from '../synth/synth-options.js';
import { type TerrainName, terrainNames } from '../synth/terrains/terrain-registry.js';
import type { OptionTable } from './option-table.js';

type SynthCodec = 'jpeg' | 'deflate' | 'raw';
const synthCodecs: readonly SynthCodec[] = ['jpeg', 'deflate', 'raw'];

type ChromaSubsampling = '4:2:0' | '4:2:2' | '4:4:4';
/** Pixels a chroma sample stands for, across and down. */
export const synthSamplings: Readonly<Record<ChromaSubsampling, readonly [number, number]>> = {
  '4:2:0': [2, 2],
  '4:2:2': [2, 1],
  '4:4:4': [1, 1],
};

export type SynthesisOptions = SynthOptions & {
  /** Of the tiles; default `jpeg`. */
  readonly codec?: 'jpeg' | 'deflate' | 'raw' | undefined;
  /** Of JPEG tiles, 1 to 100; default 80. */
  readonly quality?: number | undefined;
  /** Of the chroma of JPEG tiles; default `4:2:0`. */
  readonly subsampling?: '4:2:0' | '4:2:2' | '4:4:4' | undefined;
  /** Of the pyramid, 1 to 32; default: down to one tile. */
  readonly levels?: number | undefined;
  /** Micrometres; default 0.25, a 40x scanner. */
  readonly micronsPerPixel?: number | undefined;
  /** A path: the slide with everything in focus is written there too, without noise or loss. */
  readonly sharp?: string | undefined;
  /** Replace files that exist. */
  readonly force?: boolean | undefined;
};

const { width, height, tileSize, planeCount, zStepUm, terrain, textures, clumpDensity, seed } = defaultSynthSettings;
const { blurPerPlane, noise, stain, exposureDrift } = defaultSynthSettings;
const side = { kind: 'number', whole: true, from: 1, to: 2 ** 24, unit: 'pixels', text: 'of level 0' } as const;

export const synthesisOptions = {
  terrain: {
    kind: 'choice',
    of: terrainNames as readonly TerrainName[],
    unit: 'name',
    default: terrain,
    text: 'how heights run',
  },
  width: { ...side, default: width },
  height: { ...side, default: height },
  planeCount: {
    kind: 'number',
    whole: true,
    from: 1,
    to: 1000,
    unit: 'n',
    flag: 'planes',
    default: planeCount,
    text: 'focal planes',
  },
  zStepUm: {
    kind: 'number',
    above: 0,
    to: 1e6,
    unit: 'um',
    flag: 'z-step',
    default: zStepUm,
    text: 'micrometres between planes',
  },
  tileSize: {
    kind: 'number',
    whole: true,
    from: 16,
    to: 4096,
    multipleOf: 16,
    unit: 'pixels',
    default: tileSize,
    text: 'side of a tile',
  },
  levels: {
    kind: 'number',
    whole: true,
    from: 1,
    to: 32,
    unit: 'n',
    text: 'levels of the pyramid',
    otherwise: 'down to one tile',
  },
  textures: {
    kind: 'list',
    of: { kind: 'text' },
    unit: 'picture...',
    flag: 'tissue',
    default: textures,
    text: 'pictures of sharp tissue to take the texture from',
    otherwise: 'drawn cells',
  },
  blurPerPlane: {
    kind: 'number',
    from: 0,
    to: 1000,
    unit: 'pixels',
    default: blurPerPlane,
    text: 'blur (sigma) of a plane off focus',
  },
  noise: {
    kind: 'number',
    from: 0,
    to: 100,
    unit: 'grey',
    default: noise,
    text: 'sensor noise, standard deviation in grey values',
  },
  stain: {
    kind: 'list',
    of: { kind: 'number', from: 0, to: 4 },
    counts: [3],
    unit: 'times',
    default: stain,
    text: 'how much stain it took: red, green and blue with commas between, or one number for all',
  },
  exposureDrift: {
    kind: 'number',
    from: 0,
    to: 90,
    unit: 'percent',
    default: exposureDrift,
    text: 'planes are darker by up to so much, each by its own share',
  },
  clumpDensity: {
    kind: 'number',
    from: 0,
    to: 100,
    unit: 'times',
    default: clumpDensity,
    text: 'how much specimen on the glass',
  },
  codec: { kind: 'choice', of: synthCodecs, unit: 'name', default: 'jpeg', text: 'of the tiles' },
  quality: { kind: 'number', whole: true, from: 1, to: 100, unit: 'n', default: 80, text: 'of JPEG tiles' },
  subsampling: {
    kind: 'choice',
    of: Object.keys(synthSamplings) as ChromaSubsampling[],
    unit: 'name',
    default: '4:2:0',
    text: 'of JPEG chroma',
  },
  micronsPerPixel: { kind: 'number', above: 0, unit: 'um', default: 0.25, flag: null, text: 'side of a pixel' },
  seed: {
    kind: 'number',
    whole: true,
    from: 0,
    to: 2 ** 32 - 1,
    unit: 'n',
    default: seed,
    text: 'the same seed gives the same slide',
  },
  sharp: {
    kind: 'text',
    unit: 'file',
    text: 'also write the slide with everything in focus, without noise or loss',
  },
  force: { kind: 'switch', default: false, text: 'replace files that exist' },
} as const satisfies OptionTable<SynthesisOptions>;
