// Where a report comes from: of equal inputs the same is told, of others something else.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, reportOrigin } from '../../src/api/report-origin.js';
import { commandLine } from '../../src/cli/command-line.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at } = temporaryFolder();

/** A file of so many bytes that differ. */
function file(name: string, length: number, changed?: number): string {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);
  if (changed !== undefined) bytes[changed] ^= 1;
  writeFileSync(at(name), bytes);
  return at(name);
}

describe('the fingerprint of an input', () => {
  it('should always be that of equal bytes under another name', async () => {
    for (const length of [0, 10, 65_536, 65_537, 100_000, 200_000]) {
      const one = file(`one-${length}`, length);
      copyFileSync(one, at('other'));
      expect(await fingerprintOf([one])).toBe(await fingerprintOf([at('other')]));
      expect(await fingerprintOf([one])).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  it('should always be another for another length, beginning, end or order', async () => {
    const length = 200_000;
    const files = [
      [file('plain', length)],
      [file('first', length, 0)],
      [file('last', length, length - 1)],
      [file('longer', length + 1)],
      [file('small', 70_000)],
      [file('small-changed', 70_000, 66_000)],
      [at('plain'), at('first')],
      [at('first'), at('plain')],
    ];
    const found = await Promise.all(files.map(fingerprintOf));
    expect(new Set(found).size).toBe(files.length);
  });

  it('should never be told of what is no file of this machine', async () => {
    expect(await fingerprintOf([file('there', 9), 'https://host/smear.tif'])).toBeUndefined();
    expect((await reportOrigin(['/nowhere'], {})).input).toBeNull();
  });
});

describe('the origin of a report', () => {
  it('should always tell when it was made, and by which command', async () => {
    const before = Date.now();
    const { date, command, input } = await reportOrigin([file('x', 5)], { command: 'zflat map x.tif -o m.png' });
    expect(new Date(date).getTime()).toBeGreaterThanOrEqual(before);
    expect([command, input]).toEqual(['zflat map x.tif -o m.png', expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(readFileSync(at('x'))).toHaveLength(5);
  });

  it('should always be a command without folders, addresses and what is secret', () => {
    const words = [
      'flatten',
      "/home/doe/a b's.tif",
      '-o',
      '../out/f.ome.tiff',
      '--report=/home/doe/r.html',
      '--target',
      '.99',
    ];
    const headers = ['--header', 'Authorization: Bearer x', '--header=Key: y'];
    const told = "zflat flatten 'a b'\\''s.tif' -o f.ome.tiff --report=r.html --target .99 --header … --header=…";
    expect(commandLine([...words, ...headers])).toBe(told);
    const url = 'https://me:secret@host.example/slides/smear.ome.tiff?signature=abc';
    expect(commandLine(['info', url, '/home/doe/planes/'])).toBe('zflat info smear.ome.tiff planes');
  });
});
