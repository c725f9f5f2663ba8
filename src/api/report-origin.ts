// Where a report comes from: when it was made, by which command, of which input.
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ReportingOptions } from '../options/reporting.js';
import type { ReportOrigin } from '../report/run-report.js';

/** Read of each file from its beginning, and as much from its end: all of a large slide would take as long as flattening it. */
const pieceBytes = 65_536;

/** The origin of a report that is made now. */
export async function reportOrigin(files: readonly string[], { command }: ReportingOptions): Promise<ReportOrigin> {
  return { date: new Date().toISOString(), command: command ?? null, input: (await fingerprintOf(files)) ?? null };
}

/**
 * What tells files from others, whatever they are called: SHA-256 over the length, the first and the last 65,536 bytes of each. Undefined
 * where one is no file of this machine.
 */
export async function fingerprintOf(files: readonly string[]): Promise<string | undefined> {
  const hash = createHash('sha256');
  for (const file of files) {
    const handle = await open(file).catch(() => undefined);
    try {
      if (!handle || !(await addFile(hash, handle))) return undefined;
    } finally {
      await handle?.close();
    }
  }
  return hash.digest('hex');
}

async function addFile(hash: Hash, handle: FileHandle): Promise<boolean> {
  const found = await handle.stat();
  if (!found.isFile()) return false;
  const { size } = found;
  hash.update(`${size}\n`);
  const starts = size > pieceBytes ? [0, Math.max(pieceBytes, size - pieceBytes)] : [0];
  for (const start of starts) {
    const piece = Buffer.alloc(Math.min(pieceBytes, size - start));
    const { bytesRead } = await handle.read(piece, 0, piece.length, start);
    hash.update(piece.subarray(0, bytesRead));
  }
  return true;
}
