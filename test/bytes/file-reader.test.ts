import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../src/bytes/file-reader.js';
import { refusalOf } from '../fixtures/left-behind.js';
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
