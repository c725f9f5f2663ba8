// Small files beside the result, whole or not at all.
import { OutputFile } from '../output/output-file.js';

/** Writes bytes to `path`; `output` where that can't be, or where the file exists and `force` is not set. */
export async function writeBytes(path: string, bytes: Uint8Array, force: boolean): Promise<void> {
  const file = await OutputFile.create(path, force);
  try {
    await file.append(bytes);
    await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Writes text as UTF-8; see writeBytes. */
export async function writeText(path: string, text: string, force: boolean): Promise<void> {
  await writeBytes(path, Buffer.from(text), force);
}
