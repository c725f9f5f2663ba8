// Encoders other people wrote, each with stacks of JPEG tiles that it makes: sizes from one MCU up, qualities, samplings, kinds of tables,
// restart markers. A stack is what a quilt can be made of: planes of one size, sampling and quantisation.
import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { python } from '../../experiments/harness/fixtures/programs.js';
import { cjpeg, djpeg, libjpeg, mozjpeg, type Pixels, texture, turbo, turboLuma } from './sample-streams.js';

export type EncodedStack = { readonly what: string; readonly tiles: readonly Uint8Array[] };

export type Encoder = {
  readonly name: string;
  /** Programs that it needs. */
  readonly programs: readonly string[];
  readonly stacks: () => Promise<EncodedStack[]>;
  /** Samples of all pixels, `channels` a pixel, by a decoder that takes none from a neighbouring MCU. */
  readonly decode: (bytes: Uint8Array) => Promise<{ readonly channels: number; readonly data: Uint8Array }>;
};

const planes = 3;
/** From less than one block, by one MCU of each sampling, to several rows of MCUs that are cut off at the edge. */
const sizes = [
  [1, 1],
  [8, 8],
  [16, 16],
  [32, 8],
  [17, 9],
  [100, 75],
  [64, 128],
] as const;
const qualities = [10, 75, 92, 100] as const;

export const encoders: readonly Encoder[] = [
  {
    name: 'jpeg-turbo',
    programs: [],
    stacks: () =>
      eachStack(['420', '422', '440', '444', 'grey'] as const, (pixels, quality, sampling) =>
        turbo(pixels, quality, sampling),
      ),
    decode: luma,
  },
  {
    name: 'libvips',
    programs: [],
    stacks: () =>
      eachStack(['420', '444', 'grey'] as const, (pixels, quality, sampling) => vips(pixels, quality, sampling)),
    decode: luma,
  },
  {
    name: "libvips with mozjpeg's options",
    programs: [],
    stacks: () =>
      eachStack(['4:2:0', '4:4:4'] as const, (pixels, quality, sampling) => mozjpeg(pixels, quality, sampling)),
    decode: luma,
  },
  {
    name: 'libvips, of four colours',
    programs: [],
    stacks: () => eachStack(['cmyk'] as const, (pixels, quality, sampling) => vips(pixels, quality, sampling)),
    decode: inks,
  },
  {
    name: 'cjpeg',
    programs: libjpeg,
    stacks: () =>
      eachStack(['420', '422', '440', '411', 'rgb', 'grey'] as const, (pixels, quality, sampling, i) =>
        cjpeg(pixels, { quality, sampling, restart: [0, 1, 3, 8][i % 4], optimize: i % 3 === 0 }),
      ),
    decode: async (bytes) => djpeg(bytes),
  },
  {
    name: 'cjpeg with unusual sampling',
    programs: libjpeg,
    stacks: () =>
      eachStack(
        ['3x1', '1x4', '4x2', '2x2,1x2,2x1', '1x1,2x2,1x1', '3x2,1x1,3x1'] as const,
        (pixels, quality, factors, i) =>
          cjpeg(pixels, { quality, sampling: '420', factors, restart: [0, 5][i % 2], optimize: i % 4 === 0 }),
      ),
    decode: async (bytes) => djpeg(bytes),
  },
  {
    name: 'Pillow',
    programs: ['Pillow'],
    stacks: async () => pillow(['4:2:0', '4:2:2', '4:4:4', 'grey']),
    decode: luma,
  },
];

/** A stack of each sampling in sizes and qualities that take turns. */
async function eachStack<S extends string>(
  samplings: readonly S[],
  encode: (pixels: Pixels, quality: number, sampling: S, index: number) => Uint8Array | Promise<Uint8Array>,
): Promise<EncodedStack[]> {
  const stacks: EncodedStack[] = [];
  for (const { sampling, quality, pixels, what, index } of combinations(samplings)) {
    const tiles: Uint8Array[] = [];
    for (const plane of pixels) tiles.push(await encode(plane, quality, sampling, index));
    stacks.push({ what, tiles });
  }
  return stacks;
}

function combinations<S extends string>(samplings: readonly S[]) {
  return Array.from({ length: Math.max(samplings.length, sizes.length) }, (_, index) => {
    const sampling = samplings[index % samplings.length];
    const quality = qualities[index % qualities.length];
    const [width, height] = sizes[index % sizes.length];
    const pixels = Array.from({ length: planes }, (_, plane) =>
      texture(width, height, sampling === 'grey' ? 1 : 3, 1 + 31 * index + plane, 0.2 + 0.1 * index),
    );
    return { sampling, quality, pixels, index, what: `${sampling} ${width}x${height} quality ${quality}` };
  });
}

async function vips(
  { width, height, channels, data }: Pixels,
  quality: number,
  sampling: '420' | '444' | 'grey' | 'cmyk',
): Promise<Uint8Array> {
  const picture = sharp(data, { raw: { width, height, channels } });
  const space = sampling === 'cmyk' ? 'cmyk' : sampling === 'grey' ? 'b-w' : 'srgb';
  const options = {
    quality,
    chromaSubsampling: sampling === '420' ? '4:2:0' : '4:4:4',
    optimiseCoding: sampling === 'cmyk',
  };
  return new Uint8Array(await picture.toColourspace(space).jpeg(options).toBuffer());
}

/** All in one process, since Python takes long to start; every other stack with tables of its own. */
function pillow(samplings: readonly string[]): EncodedStack[] {
  const all = combinations(samplings);
  const jobs = all.flatMap(({ sampling, quality, pixels, index }) =>
    pixels.map(({ width, height, channels, data }) => ({
      size: [width, height],
      mode: channels === 1 ? 'L' : 'RGB',
      data: Buffer.from(data).toString('base64'),
      options: {
        quality,
        optimize: index % 2 === 0,
        ...(channels === 3 && { subsampling: sampling }),
      },
    })),
  );
  const printed = execFileSync(python, ['-c', pillowScript], { input: JSON.stringify(jobs), maxBuffer: 1 << 28 });
  const streams = (JSON.parse(printed.toString()) as string[]).map(
    (text) => new Uint8Array(Buffer.from(text, 'base64')),
  );
  return all.map(({ what }, i) => ({ what, tiles: streams.slice(planes * i, planes * (i + 1)) }));
}

const pillowScript = `
import base64, io, json, sys
from PIL import Image
streams = []
for job in json.load(sys.stdin):
    stream = io.BytesIO()
    image = Image.frombytes(job['mode'], tuple(job['size']), base64.b64decode(job['data']))
    image.save(stream, 'JPEG', **job['options'])
    streams.append(base64.b64encode(stream.getvalue()).decode())
print(json.dumps(streams))
`;

async function luma(bytes: Uint8Array) {
  return { channels: 1, data: turboLuma(bytes) };
}

async function inks(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).toColourspace('cmyk').raw().toBuffer({ resolveWithObject: true });
  return { channels: info.channels, data: new Uint8Array(data) };
}
