// npm run experiment -- list | <name> [--quick] [--seeds n]: runs one experiment, prints what it found, keeps it in experiments/results.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Experiment, provenance } from './harness/experiment.js';

const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  'accuracy-vs-cost': async () => (await import('./accuracy-vs-cost.js')).accuracyVsCost,
  'audit-coverage': async () => (await import('./audit-coverage.js')).auditCoverage,
  calibration: async () => (await import('./calibration.js')).calibration,
  grain: async () => (await import('./grain.js')).grain,
  island: async () => (await import('./island.js')).island,
  'jpeg-core': async () => (await import('./jpeg-core.js')).jpegCore,
  quilting: async () => (await import('./quilting.js')).quilting,
  registration: async () => (await import('./registration.js')).registration,
  seams: async () => (await import('./seams.js')).seams,
  'seed-ideas': async () => (await import('./seed-ideas.js')).seedIdeas,
  speed: async () => (await import('./speed.js')).speed,
  truth: async () => (await import('./truth.js')).truth,
};
const results = fileURLToPath(new URL('results', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const [name] = positionals;
const seeds = values.seeds === undefined ? undefined : Number(values.seeds);

if (name === 'list') await list();
else if (name === undefined || !Object.hasOwn(experiments, name)) {
  refuse(`expected list, or the name of an experiment: ${Object.keys(experiments).join(', ')}`);
} else if (seeds !== undefined && !(Number.isSafeInteger(seeds) && seeds > 0)) {
  refuse(`expected a whole number of seeds above 0, got ${values.seeds}`);
} else await run(name);

async function list(): Promise<void> {
  for (const [each, load] of Object.entries(experiments)) {
    process.stdout.write(`${each.padEnd(18)} ${(await load()).question}\n`);
  }
}

async function run(chosen: string): Promise<void> {
  const { question, run } = await experiments[chosen]();
  const { text, pictures, ...kept } = await run({ seeds, quick: values.quick });
  const head = provenance();
  const page = `# ${question}\n\n${text}\n\n${head.machine}, Node ${head.node}, ${head.date}\n`;
  process.stdout.write(page);
  // A quick run shows that the experiment works; its numbers are not worth keeping.
  if (values.quick) return;
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `${chosen}.md`), page);
  await writeFile(join(results, `${chosen}.json`), `${JSON.stringify({ question, ...head, ...kept }, roundNumbers)}\n`);
  for (const [file, svg] of Object.entries(pictures)) await writeFile(join(results, `${file}.svg`), svg);
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

/** Four significant digits: results are small files. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
