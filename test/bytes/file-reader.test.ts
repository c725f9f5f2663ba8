import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../experiments/harness/fixtures/programs.js';
import { openFile } from '../../src/bytes/file-reader.js';
import { failedFile } from '../../src/bytes/system-failure.js';
import { openFiles, refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 31) & 255));

/** A file whose bytes are known by their place. */
function file(name: string): string {
  writeFileSync(folder.at(name), content);
  return folder.at(name);
}

describe('openFile', () => {
  it('should always read exactly what is asked for, also when reads overlap', async () => {
    const reader = await openFile(file('read'));
    expect([reader.size, reader.name]).toEqual([5000, folder.at('read')]);
    const range = fc
      .tuple(fc.nat(4999), fc.nat(3000))
      .map(([offset, length]) => ({ offset, length: Math.min(length, 5000 - offset) }));
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 8 }), async (ranges) => {
        const read = await Promise.all(ranges.map(({ offset, length }) => reader.read(offset, length)));
        const places = ranges.map(({ length }) => new Uint8Array(length));
        await Promise.all(ranges.map(({ offset }, i) => reader.readInto(places[i], offset)));
        for (const [i, { offset, length }] of ranges.entries()) {
          expect(Buffer.compare(read[i], content.subarray(offset, offset + length))).toBe(0);
          expect(Buffer.compare(places[i], content.subarray(offset, offset + length))).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
    await reader.close();
  });

  it('should never read past the end, nor allocate for it', async () => {
    const reader = await openFile(file('end'));
    for (const [offset, length] of [
      [4999, 2],
      [5001, 1],
      [0, 2 ** 50],
      [2 ** 52, 10],
    ]) {
      expect(await refusalOf(reader.read(offset, length))).toMatchObject({
        code: 'damaged',
        place: { file: folder.at('end') },
        hint: expect.any(String),
      });
    }
    await reader.close();
  });

  it('should always notice a file that becomes shorter while it is read', async () => {
    const reader = await openFile(file('shrinks'));
    truncateSync(folder.at('shrinks'), 100);
    expect(await refusalOf(reader.read(50, 200))).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/shorter/),
    });
    await reader.close();
  });

  it('should always refuse what is no file', async () => {
    mkdirSync(folder.at('a-folder'));
    writeFileSync(folder.at('empty'), '');
    expect(await refusalOf(openFile(folder.at('a-folder')))).toMatchObject({
      code: 'unreadable',
      problem: expect.stringMatching(/not a file/),
    });
    expect(await refusalOf(openFile(folder.at('empty')))).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/empty/),
    });
    expect(await refusalOf(openFile(folder.at('missing')))).toMatchObject({
      code: 'unreadable',
      problem: expect.stringMatching(/no such file/),
    });
    expect(await refusalOf(openFile('/dev/null'))).toMatchObject({ code: 'unreadable' });
    expect(await refusalOf(openFile('a\0b'))).toMatchObject({ code: 'unreadable' });
  });

  it('should never read once it is told to stop', async () => {
    const reader = await openFile(file('stopped'));
    expect(await refusalOf(reader.read(0, 10, AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    await reader.close();
  });
});

describe('what is no regular file', () => {
  it('should always be refused before it is opened: a pipe would be waited for', async () => {
    await run('mkfifo', folder.at('pipe.tif'));
    for (const path of [folder.at('pipe.tif'), '/dev/null', '/dev/zero', folder.at()]) {
      const refusal = await refusalOf(openFile(path));
      expect(refusal).toMatchObject({ code: 'unreadable', place: { file: path }, hint: expect.any(String) });
      expect(refusal.problem).toMatch(path === folder.at() ? /folder/ : /device, a pipe/);
    }
    expect(openFiles()).not.toContain(folder.at('pipe.tif'));
  });
});

describe('a failure of the system', () => {
  const failing = (code: string) => Object.assign(new Error(`${code}: said the system, open 'x'`), { code });

  it('should always be told in a sentence, with what to do, and whether it may pass', () => {
    const cases: [string, string, RegExp][] = [
      ['ENOENT', 'unreadable', /no such file/],
      ['EACCES', 'unreadable', /may not be read/],
      ['ENAMETOOLONG', 'unreadable', /name is longer/],
      ['ELOOP', 'unreadable', /circle/],
      ['ESTALE', 'transient', /mounted anew/],
      ['ETIMEDOUT', 'transient', /does not answer/],
      ['EMFILE', 'transient', /too many files/],
      ['ENFILE', 'transient', /too many files/],
      ['EIO', 'unreadable', /EIO/],
    ];
    for (const [code, expected, problem] of cases) {
      const error = failedFile(failing(code), 'slide.tif');
      expect(error).toMatchObject({
        code: expected,
        problem: expect.stringMatching(problem),
        place: { file: 'slide.tif' },
      });
      expect(error.hint).toEqual(expect.any(String));
      expect(error.problem).not.toMatch(/said the system/);
    }
  });

  it('should never print a name without end', async () => {
    const error = await refusalOf(openFile(folder.at('x'.repeat(5000))));
    expect(error).toMatchObject({ code: 'unreadable', problem: expect.stringMatching(/longer/) });
    expect(error.message.length).toBeLessThan(500);
  });
});
