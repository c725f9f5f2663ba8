// A directory for what must not lie in memory, gone when the slide is closed.
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlideError } from '../errors.js';
import { forgetTemporary, rememberTemporary } from '../system/temporary-paths.js';

export class ScratchDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes it under the system's temporary directory (TMPDIR), which must have `bytes` free. */
  static async create(bytes: number): Promise<ScratchDirectory> {
    const { bavail, bsize } = await statfs(tmpdir()).catch((cause: Error) => {
      const hint = 'let TMPDIR point at a folder that there is';
      throw new SlideError('output', 'is where temporary files go, and is not there', { file: tmpdir(), hint, cause });
    });
    if (bavail * bsize < bytes) {
      const needed = `laying a tile grid needs ${megabytes(bytes)} MB of scratch space, ${megabytes(bavail * bsize)} are free`;
      throw new SlideError('output', needed, { file: tmpdir(), hint: 'let TMPDIR point at a larger disk' });
    }
    const path = await mkdtemp(join(tmpdir(), 'zflat-')).catch((cause: Error) => {
      const hint = 'let TMPDIR point at a folder that can be written to';
      throw new SlideError('output', `temporary files can not be written: ${cause.message}`, {
        file: tmpdir(),
        hint,
        cause,
      });
    });
    rememberTemporary(path);
    return new ScratchDirectory(path);
  }

  /** Removes it with all that is in it. */
  async remove(): Promise<void> {
    // A file that is just being made in it would make one try fail.
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
    forgetTemporary(this.path);
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
