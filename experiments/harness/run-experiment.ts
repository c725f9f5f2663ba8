// Runs an experiment, prints what it found, keeps it: see run.ts.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { identityOf } from '../../src/api/tune/number-cache.js';
import { exitCodeOf } from '../../src/cli/exit-codes.js';
import { isSlideError } from '../../src/errors.js';
import { removeTemporaries } from '../../src/system/temporary-paths.js';
import { type Experiment, type ExperimentResult, provenance } from './experiment.js';
import { cacheFolder } from './record/cached.js';
import { fingerprint } from './record/fingerprint.js';
import { createParts } from './record/parts.js';
import { partsLine } from './record/parts-line.js';
import { ownSlides } from './slides/own-slides.js';

const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  'accuracy-vs-cost': async () => (await import('../accuracy-vs-cost.js')).accuracyVsCost,
  'audit-coverage': async () => (await import('../audit-coverage.js')).auditCoverage,
  calibration: async () => (await import('../calibration.js')).calibration,
  concurrency: async () => (await import('../concurrency.js')).concurrency,
  eye: async () => (await import('../eye.js')).eye,
  grain: async () => (await import('../grain.js')).grain,
  island: async () => (await import('../island.js')).island,
  'jpeg-core': async () => (await import('../jpeg-core.js')).jpegCore,
  measures: async () => (await import('../measures.js')).measures,
  quilting: async () => (await import('../quilting.js')).quilting,
  registration: async () => (await import('../registration.js')).registration,
  'related-planes': async () => (await import('../related-planes.js')).relatedPlanes,
  scaling: async () => (await import('../scaling.js')).scaling,
  seams: async () => (await import('../seams.js')).seams,
  'seed-ideas': async () => (await import('../seed-ideas.js')).seedIdeas,
  speed: async () => (await import('../speed.js')).speed,
  truth: async () => (await import('../truth.js')).truth,
};
const results = fileURLToPath(new URL('../results', import.meta.url));

const wrongUsage = 2;
const usage = 'usage: npm run experiment -- list | <name> [--slides glob] [--out dir] [--quick] [--seeds n]';

type Flags = {
  readonly slides?: string | undefined;
  readonly out?: string | undefined;
  readonly quick: boolean;
  readonly seeds: number | undefined;
};

/** Answers the exit code. */
export async function runExperiment(words: readonly string[]): Promise<number> {
  const [name, flags] = parsed(words);
  if (name === 'list') return list();
  return name === undefined ? wrongUsage : run(name, flags);
}

/** The name is undefined where what was given has been refused. */
function parsed(words: readonly string[]): [string | undefined, Flags] {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        slides: { type: 'string' },
        out: { type: 'string' },
        quick: { type: 'boolean', default: false },
        seeds: { type: 'string' },
      },
    });
    const [name, ...more] = positionals;
    const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
    if (more.length > 0) throw new Error(`expected one name, got ${positionals.join(', ')}: put a pattern in quotes`);
    if (name === undefined || (name !== 'list' && !Object.hasOwn(experiments, name))) {
      throw new Error(`expected list, or the name of an experiment: ${Object.keys(experiments).join(', ')}`);
    }
    if (seeds !== undefined && !(Number.isSafeInteger(seeds) && seeds > 0)) {
      throw new Error(`expected a whole number of seeds above 0, got ${values.seeds}`);
    }
    return [name, { ...values, seeds }];
  } catch (error) {
    refuse(`${(error as Error).message}\n${usage}`);
    return [undefined, { quick: false, seeds: undefined }];
  }
}

async function list(): Promise<number> {
  for (const [each, load] of Object.entries(experiments)) {
    const { question, takesSlides } = await load();
    process.stdout.write(`${each.padEnd(18)} ${question}${takesSlides ? ' [--slides]' : ''}\n`);
  }
  return 0;
}

async function run(chosen: string, { slides, out, quick, seeds }: Flags): Promise<number> {
  const experiment = await experiments[chosen]();
  if (slides !== undefined && !experiment.takesSlides) {
    refuse(`${chosen} asks about slides made for it, and takes no --slides: ${usage.slice('usage: '.length)}`);
    return wrongUsage;
  }
  const controller = new AbortController();
  // A second Ctrl-C ends it at once.
  for (const stop of ['SIGINT', 'SIGTERM'] as const) process.once(stop, () => controller.abort());
  const { signal } = controller;
  const head = provenance();
  const { date, ...machine } = head;
  try {
    const own = slides === undefined ? undefined : await ownSlides(slides);
    const identity = own && (await identityOf(own.flatMap(({ path }) => path ?? [])));
    const word = fingerprint({ quick, seeds, identity, ...machine });
    const parts = createParts(join(cacheFolder, 'parts', chosen, word), signal, partsLine(process.stderr));
    try {
      const found = await experiment.run({ seeds, quick, own, signal, each: parts.each });
      await keepResult(chosen, experiment.question, head, found, folderFor({ slides, out, quick }));
      await parts.forget();
      return 0;
    } catch (error) {
      // The signal comes through when nothing else runs.
      await setImmediate();
      if (!signal.aborted) throw error;
      const { kept, done } = parts.counts();
      process.stderr.write(
        `\nstopped; parts done: ${kept + done}, kept like all scores recorded: the same command goes on from there\n`,
      );
      return 130;
    }
  } catch (error) {
    if (!isSlideError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodeOf(error);
  } finally {
    removeTemporaries();
  }
}

/** Numbers of a quick run show that it works, those of other slides are not the project's: both are kept only where asked for. */
function folderFor({ slides, out, quick }: Pick<Flags, 'slides' | 'out' | 'quick'>): string | undefined {
  if (out !== undefined) return resolve(out);
  return quick || slides !== undefined ? undefined : results;
}

async function keepResult(
  chosen: string,
  question: string,
  head: ReturnType<typeof provenance>,
  { text, pictures, ...kept }: ExperimentResult,
  folder: string | undefined,
): Promise<void> {
  const page = `# ${question}\n\n${text}\n\n${head.machine}, Node ${head.node}, ${head.date}\n`;
  process.stdout.write(page);
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${chosen}.md`), page);
  await writeFile(join(folder, `${chosen}.json`), `${JSON.stringify({ question, ...head, ...kept }, roundNumbers)}\n`);
  for (const [file, svg] of Object.entries(pictures)) await writeFile(join(folder, `${file}.svg`), svg);
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Four significant digits: results are small files. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
