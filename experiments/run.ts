// npm run experiment -- <name> [--seeds n] [--quick]: runs one experiment, prints what it found, keeps it in experiments/results.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Experiment, provenance } from './harness/experiment.js';

const experiments: Readonly<Record<string, () => Promise<Experiment>>> = {
  truth: async () => (await import('./truth.js')).truth,
};
const results = fileURLToPath(new URL('results', import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const [name] = positionals;
if (name === undefined || !Object.hasOwn(experiments, name)) {
  process.stderr.write(`expected the name of an experiment: ${Object.keys(experiments).join(', ')}\n`);
  process.exit(2);
}

const { question, run } = await experiments[name]();
const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
const result = await run({ seeds, quick: values.quick });
const { text, pictures, ...kept } = result;
process.stdout.write(`# ${question}\n\n${text}\n`);
// A quick run shows that the experiment works; its numbers are not worth keeping.
if (!values.quick) {
  await mkdir(results, { recursive: true });
  const json = JSON.stringify({ question, ...provenance(), ...kept }, roundNumbers);
  await writeFile(join(results, `${name}.json`), `${json}\n`);
  for (const [file, svg] of Object.entries(pictures)) await writeFile(join(results, `${file}.svg`), svg);
}

/** Five significant digits: results are small files. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
