import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../experiments/harness/fixtures/programs.js';
import { sweepLeftovers, temporaryBeside } from '../../src/system/temporary-names.js';
import { namesIn } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const dayAgo = Date.now() / 1000 - 25 * 3600;

/** The name that a process of this machine, dead by now, would have taken. */
async function nameOfDead(path: string): Promise<string> {
  const pid = await run(process.execPath, '-p', 'process.pid');
  return temporaryBeside(path).replace(`-${process.pid}-`, `-${pid.trim()}-`);
}

describe('temporary names', () => {
  it('should never be the same twice, and always lie beside the file, hidden', () => {
    const path = join(folder.at(), 'out.tif');
    const names = Array.from({ length: 1000 }, () => temporaryBeside(path));
    expect(new Set(names).size).toBe(1000);
    for (const name of names) {
      expect(dirname(name)).toBe(folder.at());
      expect(basename(name)).toMatch(/^\.out\.tif\./);
    }
  });

  it('should always be names that a file system takes, however long that of the file is', () => {
    for (const name of ['x'.repeat(255), 'ä'.repeat(127), '😀'.repeat(60)]) {
      const temporary = temporaryBeside(join(folder.at(), name));
      expect(Buffer.byteLength(basename(temporary))).toBeLessThanOrEqual(255);
      writeFileSync(temporary, '');
    }
  });
});

describe('what killed runs left', () => {
  it('should always be swept for the file that is written, and only then', async () => {
    const at = folder.folder('swept');
    const path = join(at, 'out.tif');
    const dead = await nameOfDead(path);
    const other = await nameOfDead(join(at, 'other.tif'));
    const atWork = temporaryBeside(path);
    const elsewhere = dead.replace(/\.\w{8}-(\d+-)/, '.00000000-$1');
    const longAgo = elsewhere.replace('.00000000', '.11111111');
    for (const name of [dead, other, atWork, elsewhere, longAgo]) writeFileSync(name, 'x');
    utimesSync(longAgo, dayAgo, dayAgo);
    sweepLeftovers(path);
    expect(namesIn(at)).toEqual([other, atWork, elsewhere].map((name) => basename(name)).sort());
  });

  it('should never be taken for what only resembles it', async () => {
    const at = folder.folder('resembles');
    const path = join(at, 'out.tif');
    const dead = await nameOfDead(path);
    const names = [
      `${dead}x`,
      dead.replace('.partial', ''),
      dead.replace('.out.tif', 'out.tif'),
      join(at, '.out.tif.7-0.partial'),
    ];
    for (const name of names) writeFileSync(name, 'x');
    mkdirSync(dead);
    const link = dead.replace(/\w{12}\.partial$/, 'aaaaaaaaaaaa.partial');
    symlinkSync(names[0], link);
    sweepLeftovers(path);
    expect(namesIn(at)).toHaveLength(6);
  });
});
