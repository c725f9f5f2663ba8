// zflat synth: a z-stacked slide whose true depth map is known.

import type { Command } from 'commander';
import { type SynthesizeOptions, synthesizeOptions, synthesizeSlide } from '../../api/synthesize-slide.js';
import { type OptionTable, pickOptions } from '../../options/option-table.js';
import { counted, formatBytes } from '../../system/format-figures.js';
import { checkWritten } from '../check-written.js';
import { outputFlag, type TellingFlags, tellingFlags } from '../common-flags.js';
import { addExamples, addFlags } from '../flags.js';
import { type Running, runCommand, type Speaking } from '../run-command.js';
import { writeText } from '../write-file.js';

const table = {
  ...outputFlag('the OME-TIFF to write', 'file'),
  ...synthesizeOptions,
  // One number for all of red, green and blue saves typing.
  stain: { ...synthesizeOptions.stain, counts: [1, 3] },
  truth: { kind: 'file', endings: ['.json'], unit: 'file', text: 'write the true depth map: .json' },
  ...tellingFlags,
} as const satisfies OptionTable<Given>;

type Given = SynthesizeOptions & TellingFlags & { readonly output: string; readonly truth?: string | undefined };

export function addSynth(command: Command): void {
  addFlags(command, table);
  addExamples(command, [
    ['zflat synth -o gravel.ome.tiff --truth gravel.json', 'clumps at independent heights on glass'],
    ['zflat synth -o tilt.ome.tiff --terrain tilt --tissue he.png', 'a tilted section of given tissue'],
  ]);
  command.action(() => runCommand<Given>(command, table, synth));
}

async function synth(given: Given, running: Running, { print }: Speaking): Promise<number> {
  const { output, truth, sharp, stain, force = false } = given;
  await checkWritten([output, truth, sharp], { force, inputs: given.textures ?? [] });
  const options = { ...pickOptions<SynthesizeOptions>(synthesizeOptions, given), ...running };
  const [red, green = red, blue = red]: readonly number[] = stain ?? synthesizeOptions.stain.default;
  const slide = await synthesizeSlide(output, { ...options, stain: [red, green, blue] });
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
  const text = `${output}: ${slide.width} x ${slide.height} pixels, ${counted(slide.planes, 'plane')}, ${formatBytes(slide.bytes)}\n`;
  print(given.json ? `${JSON.stringify(made, null, 2)}\n` : text);
  return 0;
}
