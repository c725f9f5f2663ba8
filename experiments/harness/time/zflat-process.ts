// zflat as people run it: the built command in a process of its own, with what that took.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SlideError } from '../../../src/errors.js';
import type { RunReport } from '../../../src/report/run-report.js';
import { plainEnvironment } from './own-process.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const usageAtExit = new URL('usage-at-exit.js', import.meta.url).href;

export type ZflatRun = {
  /** Of the whole process, start to end. */
  readonly seconds: number;
  /** User and system, all threads. */
  readonly cpuSeconds: number;
  /** Peak resident memory. */
  readonly peakBytes: number;
  readonly report: RunReport;
};

/** The built command; `usage` where it is missing or older than the code. */
export function builtCommand(): string {
  const command = join(root, 'dist/cli/main.js');
  const built = statSync(command, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const src = join(root, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  if (files.some((file) => statSync(join(src, file)).mtimeMs > built)) {
    throw new SlideError('usage', 'dist is missing, or older than src', { hint: 'npm run build' });
  }
  return command;
}

/** Runs `zflat flatten`; throws what it says where it fails. */
export async function runFlatten(slide: string, output: string, words: readonly string[] = []): Promise<ZflatRun> {
  const args = ['--import', usageAtExit, builtCommand(), 'flatten', slide, '-o', output, '--force', '--json', ...words];
  const start = performance.now();
  const child = spawn(process.execPath, args, { env: plainEnvironment, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [report, complaint, used] = await Promise.all(child.stdio.slice(1).map((pipe) => text(pipe as never)));
  const status = await ended;
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`zflat flatten ${slide} ${words.join(' ')} failed:\n${complaint}`);
  return { seconds, ...JSON.parse(used), report: JSON.parse(report) };
}
