// zflat synth: a z-stacked slide whose true depth map is known.
import { type Command, Option } from 'commander';
import { type SynthesizeOptions, synthCodecs, synthesizeSlide, synthSamplings } from '../../api/synthesize-slide.js';
import { checkOutput } from '../../output/output-file.js';
import { defaultSynthSettings } from '../../synth/synth-options.js';
import { terrainNames } from '../../synth/terrains/terrain-registry.js';
import { addExamples, addRunOptions } from '../common-options.js';
import type { RunFlags } from '../options-of.js';
import { fileEndingIn, numberIn, slideName, stainOf } from '../parse-options.js';
import { runCommand } from '../run-command.js';
import { writeText } from '../write-file.js';

const whole = { whole: true };
const { width, height, tileSize, planeCount, zStepUm, terrain, clumpDensity, seed } = defaultSynthSettings;
const { blurPerPlane, noise, exposureDrift } = defaultSynthSettings;

type Flags = RunFlags &
  Omit<SynthesizeOptions, 'planeCount' | 'zStepUm' | 'textures' | 'concurrency'> & {
    readonly output: string;
    readonly planes: number;
    readonly zStep: number;
    readonly tissue?: string[];
    readonly truth?: string;
  };

export function addSynth(command: Command): void {
  const option = (flags: string, text: string) => new Option(flags, text);
  const most = Number.POSITIVE_INFINITY;
  command
    .requiredOption('-o, --output <file>', 'the OME-TIFF to write', slideName)
    .addOption(option('--terrain <name>', 'how heights run').choices(terrainNames).default(terrain))
    .addOption(
      option('--width <pixels>', 'of level 0')
        .argParser(numberIn(1, most, whole))
        .default(width),
    )
    .addOption(
      option('--height <pixels>', 'of level 0')
        .argParser(numberIn(1, most, whole))
        .default(height),
    )
    .addOption(
      option('--planes <n>', 'focal planes')
        .argParser(numberIn(1, 1000, whole))
        .default(planeCount),
    )
    .addOption(option('--z-step <um>', 'micrometres between planes').argParser(numberIn(0, most)).default(zStepUm))
    .addOption(
      option('--tile-size <pixels>', 'a multiple of 16')
        .argParser(numberIn(16, 4096, whole))
        .default(tileSize),
    )
    .addOption(
      option('--levels <n>', 'levels of the pyramid (default: down to one tile)').argParser(numberIn(1, 32, whole)),
    )
    .option('--tissue <picture...>', 'pictures of sharp tissue to take the texture from (default: drawn cells)')
    .addOption(
      option('--blur-per-plane <pixels>', 'blur (sigma) of a plane off focus')
        .argParser(numberIn(0, 1000))
        .default(blurPerPlane),
    )
    .addOption(
      option('--noise <grey>', 'sensor noise, standard deviation in grey values')
        .argParser(numberIn(0, 100))
        .default(noise),
    )
    .addOption(
      option(
        '--stain <times>',
        'how much stain it took: one number, or three with commas for red, green and blue (default: 1)',
      ).argParser(stainOf),
    )
    .addOption(
      option('--exposure-drift <percent>', 'planes are darker by up to so much, each by its own share')
        .argParser(numberIn(0, 90))
        .default(exposureDrift),
    )
    .addOption(
      option('--clump-density <times>', 'how much specimen on the glass')
        .argParser(numberIn(0, 100))
        .default(clumpDensity),
    )
    .addOption(option('--codec <name>', 'of the tiles').choices(synthCodecs).default('jpeg'))
    .addOption(
      option('--quality <n>', 'of JPEG tiles')
        .argParser(numberIn(1, 100, whole))
        .default(80),
    )
    .addOption(option('--subsampling <name>', 'of JPEG chroma').choices(Object.keys(synthSamplings)).default('4:2:0'))
    .addOption(
      option('--seed <n>', 'the same seed gives the same slide')
        .argParser(numberIn(0, 2 ** 32 - 1, whole))
        .default(seed),
    )
    .addOption(option('--truth <file>', 'write the true depth map: .json').argParser(fileEndingIn('.json')))
    .option('--sharp <file>', 'also write the slide with everything in focus, without noise or loss')
    .option('--force', 'replace files that exist');
  addRunOptions(command);
  addExamples(command, [
    ['zflat synth -o gravel.ome.tiff --truth gravel.json', 'clumps at independent heights on glass'],
    ['zflat synth -o tilt.ome.tiff --terrain tilt --tissue he.png', 'a tilted section of given tissue'],
  ]);
  command.action((flags: Flags) => runCommand(flags, (running) => synth(flags, { ...flags, ...running })));
}

async function synth(flags: Flags, options: SynthesizeOptions): Promise<number> {
  const { output, planes, zStep, tissue, truth, force = false } = flags;
  for (const file of [truth, flags.sharp]) if (file !== undefined) await checkOutput(file, force);
  const given = { ...options, planeCount: planes, zStepUm: zStep, textures: tissue };
  const slide = await synthesizeSlide(output, given);
  if (truth !== undefined) {
    const { columns, rows, planeCount: count, planes: true_, tissue: shares } = slide.truth();
    const json = {
      schema: 'zflat.truth/1',
      columns,
      rows,
      planeCount: count,
      planes: Array.from(true_), // -1: glass, where no plane is right
      tissue: Array.from(shares, (share) => Math.round(share * 1e4) / 1e4),
    };
    await writeText(truth, `${JSON.stringify(json)}\n`, force);
  }
  const made = { schema: 'zflat.synth/1', path: output, bytes: slide.bytes, truth: truth ?? null };
  const text = `${output}: ${flags.width} x ${flags.height} pixels, ${planes} planes, ${(slide.bytes / 1e6).toFixed(1)} MB\n`;
  process.stdout.write(flags.json ? `${JSON.stringify(made, null, 2)}\n` : text);
  return 0;
}
