// The files that a command writes, looked at before it does anything.
import { refuseInput } from '../bytes/refuse-input.js';
import { checkOutputs } from '../output/check-output.js';

export type ReadFiles = {
  readonly force?: boolean | undefined;
  /** As the command line names it. */
  readonly preset?: string | undefined;
  /** Further files that are read, beside the slide and its preset: none of them may be written. */
  readonly inputs?: readonly string[] | undefined;
};

/** Refuses what could not be written, or may not be; answers the files, for the guard over those of the slide. */
export async function checkWritten(
  files: readonly (string | undefined)[],
  { force = false, preset, inputs = [] }: ReadFiles,
): Promise<readonly string[]> {
  await checkOutputs(files, force);
  const written = files.filter((file) => file !== undefined);
  for (const file of written) {
    if (preset !== undefined) await refuseInput(file, [preset], 'the preset');
    await refuseInput(file, inputs, 'a file that is read');
  }
  return written;
}
