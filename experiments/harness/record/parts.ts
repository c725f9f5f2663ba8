// The parts of an experiment, done one after the other. What each found is kept as it comes: a run that was stopped goes on where it was.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';

/**
 * Does `work` for every part and answers what it found, in order; undefined is left out. `name` is told while it runs. `weight` is how
 * long a part takes beside the others, for the time that remains; by default all take the same. Throws where the run is stopped.
 */
export type EachPart = <Part, Found>(
  parts: readonly Part[],
  { name, weight }: { readonly name: (part: Part) => string; readonly weight?: (part: Part) => number },
  work: (part: Part) => Promise<Found | undefined>,
) => Promise<Found[]>;

export type PartsListener = {
  /** A part begins; `done` and `of` are sums of weights, of this run and of all that is left for it. */
  readonly begins: (name: string, done: number, of: number) => void;
  readonly ends: () => void;
};

export type Parts = {
  readonly each: EachPart;
  /** How many parts were found in earlier runs, and done in this one. */
  readonly counts: () => { readonly kept: number; readonly done: number };
  /** Forgets what was found: the experiment is through, and another run is to find it anew. */
  readonly forget: () => Promise<void>;
};

/** `folder` is of this experiment with these options, this code and this machine alone. */
export function createParts(folder: string, signal: AbortSignal, listener: PartsListener): Parts {
  const counts = { kept: 0, done: 0 };
  let calls = 0;
  return {
    async each(parts, { name, weight = () => 1 }, work) {
      const call = calls++;
      const files = parts.map((_, i) => join(folder, `${call}-${i}.part`));
      const found = await Promise.all(files.map(kept));
      const missing = parts.flatMap((_, i) => (found[i] ? [] : [i]));
      counts.kept += parts.length - missing.length;
      const of = missing.reduce((sum, i) => sum + weight(parts[i]), 0);
      let done = 0;
      for (const i of missing) {
        // Signals come in between: work on recorded scores never waits.
        await setImmediate();
        signal.throwIfAborted();
        listener.begins(name(parts[i]), done, of);
        found[i] = { value: await work(parts[i]) };
        await keep(files[i], found[i]);
        done += weight(parts[i]);
        counts.done++;
      }
      listener.ends();
      return found.flatMap((each) => (each?.value === undefined ? [] : [each.value as never]));
    },
    counts: () => ({ ...counts }),
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}

type Kept = { readonly value: unknown };

async function kept(file: string): Promise<Kept | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && (deserialize(bytes) as Kept);
}

/** Whole or not at all. */
async function keep(file: string, found: Kept | undefined): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, serialize(found));
  await rename(`${file}.partial`, file);
}
