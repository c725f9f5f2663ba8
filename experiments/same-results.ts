// npx tsx experiments/same-results.ts OTHER_CHECKOUT [NAME …]: whether two builds of zflat give the same, to the byte: the flattened
// slide, depth map, heatmap, report (times and memory aside) and what is said, of the demo's slide, of a small stack of every format and
// of every stack in ../shared/data, by tile and by block. Names choose slides whose name holds one of them. Prints what differs; 1 where
// something does.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, type FlattenedOutcome, flattenWith, type NamedSlide } from './harness/record/two-builds.js';
import { buildStacks } from './harness/slides/built-stacks.js';
import { demoSlide } from './harness/slides/demo-slide.js';
import { serveStacks } from './harness/slides/served-stacks.js';
import { sharedStacks } from './harness/slides/shared-stacks.js';
import { sharedData } from './harness/slides/slides.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const [other, ...names] = process.argv.slice(2);

if (other === undefined) {
  process.stderr.write('usage: npx tsx experiments/same-results.ts OTHER_CHECKOUT [NAME …]: both are to be built\n');
  process.exitCode = 2;
} else {
  const folder = await mkdtemp(join(tmpdir(), 'zflat-same-'));
  try {
    process.exitCode = (await compare(resolve(other), folder)) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(elsewhere: string, folder: string): Promise<boolean> {
  if (!existsSync(sharedData)) process.stdout.write(`no real stacks: there is no ${sharedData}\n`);
  const served = await serveStacks(join(folder, 'served'));
  try {
    const built = await buildStacks(join(folder, 'slides'));
    const all = [await demoSlide(), ...built, ...served.stacks, ...(await sharedStacks())];
    const chosen = all.filter(({ name }) => names.length === 0 || names.some((part) => name.includes(part)));
    return await compareAll(chosen, elsewhere, folder);
  } finally {
    served.close();
  }
}

async function compareAll(slides: readonly NamedSlide[], elsewhere: string, folder: string): Promise<boolean> {
  let [same, refused, different] = [0, 0, 0];
  for (const slide of slides) {
    for (const grain of ['tile', 'block'] as const) {
      const [here, there] = await Promise.all(
        [root, elsewhere].map((checkout, i) => flattenWith(checkout, join(folder, `${i}`), slide, grain)),
      );
      const found = await differences(here, there);
      await Promise.all([here, there].map((outcome) => rm(outcome.folder, { recursive: true })));
      if (found.length > 0) different++;
      else if (here.exit !== 0) refused++;
      else same++;
      tell(slide, grain, here, found);
    }
  }
  const count = `${slides.length} ${slides.length === 1 ? 'slide' : 'slides'}, both grains`;
  process.stdout.write(`${same} alike, ${refused} refused alike, ${different} different: ${count}\n`);
  return different === 0;
}

function tell({ name }: NamedSlide, grain: string, { exit }: FlattenedOutcome, found: readonly string[]): void {
  const verdict = found.length > 0 ? 'DIFFERENT' : exit === 0 ? 'same' : `refused alike (${exit})`;
  process.stdout.write(
    `${`${name}, by ${grain}`.padEnd(60)} ${verdict}\n${found.map((line) => `  ${line}\n`).join('')}`,
  );
}
