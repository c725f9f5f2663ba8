// How a finished file gets its name, on file systems with hard links and without.
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../../experiments/harness/fixtures/programs.js';
import { OutputFile } from '../../src/output/output-file.js';
import { temporaryBeside } from '../../src/system/temporary-names.js';
import { namesIn, refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return { ...fs, link: vi.fn(fs.link) };
});
vi.mock('../../src/system/temporary-names.js', async (original) => {
  const names = await original<typeof import('../../src/system/temporary-names.js')>();
  return { ...names, temporaryBeside: vi.fn(names.temporaryBeside) };
});

const folder = temporaryFolder();
const kinds = ['with hard links', 'without'] as const;

async function on<T>(kind: (typeof kinds)[number], work: () => Promise<T>): Promise<T> {
  if (kind === 'without') {
    vi.mocked(link).mockRejectedValueOnce(Object.assign(new Error('not permitted'), { code: 'EPERM' }));
  }
  return work();
}

describe.each(kinds)('a finished file, %s', (kind) => {
  it('should always appear whole, and alone', async () => {
    const at = folder.folder(`alone ${kind}`);
    const file = await OutputFile.create(join(at, 'out.bin'), false);
    await file.append(Buffer.from('whole'));
    await on(kind, () => file.finish());
    expect(readFileSync(join(at, 'out.bin'), 'utf8')).toBe('whole');
    expect(namesIn(at)).toEqual(['out.bin']);
  });

  it('should never replace one that appeared meanwhile', async () => {
    const at = folder.folder(`appears ${kind}`);
    const path = join(at, 'out.bin');
    for (const appear of [
      () => writeFileSync(path, 'precious'),
      () => symlinkSync('nowhere', path),
      () => mkdirSync(path),
    ]) {
      const file = await OutputFile.create(path, false);
      await file.append(Buffer.from('whole'));
      appear();
      const refusal = await on(kind, () => refusalOf(file.finish()));
      expect(refusal).toMatchObject({ code: 'output', place: { file: path }, hint: expect.stringMatching(/force/) });
      await file.discard();
      expect(namesIn(at)).toEqual(['out.bin']);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) expect(readFileSync(path, 'utf8')).toBe('precious');
      vi.mocked(link).mockReset();
      vi.mocked(link).mockImplementation(
        (await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises')).link,
      );
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) break;
      unlinkSync(path);
    }
  });
});

describe('a file that is replaced', () => {
  it('should always keep its mode', async () => {
    const path = join(folder.folder('mode'), 'out.bin');
    for (const mode of [0o600, 0o640, 0o664, 0o4755]) {
      writeFileSync(path, 'old');
      chmodSync(path, mode);
      const file = await OutputFile.create(path, true);
      await file.append(Buffer.from('new'));
      await file.finish();
      expect(readFileSync(path, 'utf8')).toBe('new');
      expect(statSync(path).mode & 0o7777).toBe(mode);
    }
  });

  it('should never be a pipe, whenever it came to be there', async () => {
    const at = folder.folder('pipe');
    const path = join(at, 'out.bin');
    const file = await OutputFile.create(path, true);
    await run('mkfifo', path);
    expect(await refusalOf(file.finish())).toMatchObject({ code: 'output', problem: expect.stringMatching(/pipe/) });
    await file.discard();
    expect(await refusalOf(OutputFile.create(path, true))).toMatchObject({ code: 'output' });
    expect(namesIn(at)).toEqual(['out.bin']);
  });
});

describe('the temporary file', () => {
  it('should never be opened where something stands already: what a link leads to is left alone', async () => {
    const at = folder.folder('planted');
    const victim = join(at, 'victim');
    writeFileSync(victim, 'precious');
    const planted = temporaryBeside(join(at, 'out.bin'));
    symlinkSync(victim, planted);
    vi.mocked(temporaryBeside).mockReturnValueOnce(planted);
    expect(await refusalOf(OutputFile.create(join(at, 'out.bin'), true))).toMatchObject({ code: 'output' });
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});
