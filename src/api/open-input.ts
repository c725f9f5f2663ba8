// What a verb is given as its slide: files that are opened and closed for it, or a source that is open and stays so.
import { refuseInput } from '../bytes/refuse-input.js';
import { SlideError } from '../errors.js';
import { openingOptions } from '../options/opening.js';
import { pickOptions } from '../options/option-table.js';
import type { EngineListener } from '../pipeline/engine-event.js';
import { filesOf, type SlideInfo } from '../slide/slide-info.js';
import type { SlideSource } from '../slide/slide-source.js';
import type { OpenOptions } from '../slide-source/open-options.js';
import { openSlide } from '../slide-source/open-slide.js';
import { TileWork } from '../tile-jobs/run-tile-job.js';

/**
 * A slide: a file, a folder, a pattern or a URL; a list of files, one a plane; or a source that is open already (openSlide, or one of your
 * own), which is read and left open.
 */
export type SlideInput = string | readonly string[] | SlideSource;

export type OpenedInput = { readonly source: SlideSource; readonly close: () => Promise<void> };

/** Opens what is given as a slide. `usage` where a source that is open already should be opened in another way. */
export async function openInput(input: SlideInput, options: OpenOptions): Promise<OpenedInput> {
  const { signal, outputs = [], ...choices } = pickOptions<OpenOptions>(openingOptions, options);
  if (!isOpen(input)) {
    const source = await openSlide(input, { ...choices, outputs, signal });
    return owned(source, () => source.close());
  }
  const [choice] = Object.keys(choices);
  if (choice !== undefined) {
    const hint = 'give it to openSlide';
    throw new SlideError('usage', `${choice}: the slide is open already`, { file: input.info.files[0], hint });
  }
  for (const output of outputs) await refuseInput(output, filesOf(input.info));
  return owned(input, async () => undefined);
}

/** The source, with the threads that work on its tiles: they are the run's until it closes. */
function owned(source: SlideSource, closeSource: () => Promise<void>): OpenedInput {
  const work = new TileWork();
  const close = async () => {
    try {
      await closeSource();
    } finally {
      await work.close();
    }
  };
  return { source, close };
}

/** Tells what was opened, and what a person should know of how it was read. */
export function tellOpened({ name, planes, notes }: SlideInfo, onEvent: EngineListener | undefined): void {
  onEvent?.({ type: 'opened', name, planes: planes.length });
  for (const text of notes) onEvent?.({ type: 'note', text });
}

/** Whether it is a source, not the names of files. */
export function isOpen(input: SlideInput): input is SlideSource {
  return typeof input === 'object' && 'readTile' in input;
}
