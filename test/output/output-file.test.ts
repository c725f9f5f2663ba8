import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, link, open } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { seeded } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { refuseInput } from '../../src/bytes/refuse-input.js';
import { flattenSlide } from '../../src/flatten-slide.js';
import { maxInPlace, OutputFile } from '../../src/output/output-file.js';
import { removeTemporaries } from '../../src/system/temporary-paths.js';
import { namesIn, openFiles, refusalOf } from '../fixtures/left-behind.js';
import { asOtherUser, itWithPermissions } from '../fixtures/other-user.js';
import { itWithSmallDisk, withSmallDisk } from '../fixtures/small-disk.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const tiny = { width: 150, height: 90, planes: 2, depth: () => 0 } as const;

describe('OutputFile', () => {
  it('should always hold what was appended and overwritten, in any order and size', async () => {
    const at = `${folder.folder('any')}/out.bin`;
    // Some larger than what is held back before it is written.
    const size = fc.oneof(fc.nat(2000), fc.constant(3 * 2 ** 20));
    const step = fc.record({
      do: fc.constantFrom('append', 'append', 'in place', 'overwrite', 'read'),
      size,
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(), async (steps, seed) => {
        const random = seeded(seed);
        const file = await OutputFile.create(at, true);
        let expected = Buffer.alloc(0);
        for (const { do: what, size: length, at: place } of steps) {
          const start = Math.floor(place * expected.length);
          const bytes = Buffer.alloc(length, Math.floor(256 * random()));
          if (what === 'append') {
            expect(await file.append(bytes)).toBe(expected.length);
            expected = Buffer.concat([expected, bytes]);
          } else if (what === 'in place') {
            const part = bytes.subarray(0, maxInPlace);
            // What could not be filled in is as if it had never been asked for.
            const failing = file.appendInPlace(part.length, async (room) => {
              room.fill(1);
              throw new Error('not this time');
            });
            await expect(failing).rejects.toThrow('not this time');
            const put = file.appendInPlace(part.length, async (room) => room.set(part));
            expect(await put).toBe(expected.length);
            expected = Buffer.concat([expected, part]);
          } else if (what === 'overwrite') {
            const part = bytes.subarray(0, expected.length - start);
            await file.overwrite(start, part);
            part.copy(expected, start);
          } else {
            const part = expected.subarray(start, start + length);
            expect(Buffer.compare(await file.read(start, part.length), part)).toBe(0);
          }
          expect(file.length).toBe(expected.length);
        }
        await file.finish();
        expect(readFileSync(at).equals(expected)).toBe(true);
        expect(namesIn(folder.at('any'))).toEqual(['out.bin']);
      }),
      { numRuns: 25 },
    );
  });

  it('should always read what was appended before, while it is appended to', async () => {
    const at = `${folder.folder('meanwhile')}/out.bin`;
    const step = fc.record({
      append: fc.oneof(fc.nat(2000), fc.integer({ min: 0, max: maxInPlace })),
      inPlace: fc.boolean(),
      waits: fc.boolean(),
      read: fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const file = await OutputFile.create(at, true);
        let expected = Buffer.alloc(0);
        const reads: Promise<void>[] = [];
        for (const [i, { append, inPlace, waits, read }] of steps.entries()) {
          const bytes = Buffer.alloc(append, i + 1);
          const appended = inPlace
            ? file.appendInPlace(bytes.length, async (room) => {
                if (waits) await new Promise((resolve) => setImmediate(resolve));
                room.set(bytes);
              })
            : file.append(bytes);
          if (read !== undefined) {
            const from = Math.floor(read * expected.length);
            const part = expected.subarray(from, from + 1000);
            for (let twice = 0; twice < 2; twice++)
              reads.push(file.read(from, part.length).then((got) => expect(Buffer.compare(got, part)).toBe(0)));
          }
          expect(await appended).toBe(expected.length);
          expected = Buffer.concat([expected, bytes]);
        }
        await Promise.all(reads);
        await file.finish();
        expect(readFileSync(at).equals(expected)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('should always hold all bytes where the system takes fewer at a time than it is given', async () => {
    const at = `${folder.folder('short')}/out.bin`;
    const any = await open(join(folder.at('short'), 'any'), 'w+');
    const handles = Object.getPrototypeOf(any) as typeof any;
    await any.close();
    const whole = handles.write;
    let calls = 0;
    const short = vi.spyOn(handles, 'write').mockImplementation(function (
      this: FileHandle,
      bytes: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ) {
      const most = 1 + (calls++ % 7) * 40;
      return whole.apply(this, [bytes, offset, Math.min(length, most), position] as never);
    } as never);
    try {
      const parts = Array.from({ length: 60 }, (_, i) => Buffer.alloc((i * 37) % 90, i));
      const file = await OutputFile.create(at, true);
      for (const part of parts) await file.append(part);
      await file.finish();
      expect(readFileSync(at).equals(Buffer.concat(parts))).toBe(true);
      expect(calls).toBeGreaterThan(10);
    } finally {
      short.mockRestore();
    }
  });

  it('should always be removed when the process is told to stop', async () => {
    const at = `${folder.folder('killed')}/out.bin`;
    const file = await OutputFile.create(at, false);
    await file.append(new Uint8Array(10));
    expect(namesIn(folder.at('killed'))).toHaveLength(1);
    removeTemporaries();
    expect(namesIn(folder.at('killed'))).toEqual([]);
    await file.discard();
  });
});

describe('an output that exists', () => {
  it('should never be touched without force, and then only when all is well', async () => {
    const { path, tiffs } = await writeStack(folder.folder('exists'), tiny);
    const at = join(folder.folder('exists-out'), 'flat.ome.tif');
    writeFileSync(at, 'precious');
    expect(await refusalOf(flattenSlide(path, at))).toMatchObject({
      code: 'output',
      place: { file: at },
      hint: expect.stringMatching(/force/),
    });
    expect(readFileSync(at, 'utf8')).toBe('precious');
    // Force is no reason to lose it to a slide that can not be flattened.
    const bad = join(folder.at('exists'), 'bad.ome.tif');
    writeFileSync(bad, tiffs[0].bytes.subarray(0, 3000));
    expect(await refusalOf(flattenSlide(bad, at, { force: true }))).toMatchObject({ code: 'damaged' });
    expect(readFileSync(at, 'utf8')).toBe('precious');
    await flattenSlide(path, at, { force: true });
    expect(statSync(at).size).toBeGreaterThan(1000);
    expect(namesIn(folder.at('exists-out'))).toEqual(['flat.ome.tif']);
  });
});

describe('an output that is the input', () => {
  it('should always be refused, by whatever name, force or not', async () => {
    const { path, files } = await writeStack(folder.folder('self'), { ...tiny, files: 'a-plane-each' });
    const before = files.map((file) => readFileSync(file));
    const linked = folder.at('self', 'link.ome.tif');
    symlinkSync(files[1], linked);
    const folderLink = folder.at('self-link');
    symlinkSync(folder.at('self'), folderLink);
    const roundabout = join(folder.at('self'), '..', 'self', 'smear_0.ome.tif');
    for (const output of [path, files[1], linked, join(folderLink, 'smear_0.ome.tif'), roundabout]) {
      expect(await refusalOf(flattenSlide(path, output, { force: true }))).toMatchObject({
        code: 'usage',
        problem: expect.stringMatching(/slide itself/),
        place: { file: output },
        hint: expect.any(String),
      });
      expect((await refusalOf(flattenSlide(path, output))).code).toMatch(/usage|output/);
    }
    for (const [i, file] of files.entries()) expect(readFileSync(file).equals(before[i])).toBe(true);
  });

  it('should always be refused in a companion and in planes of their own', async () => {
    const { path, files } = await writeStack(folder.folder('companion'), { ...tiny, files: 'companion' });
    const planes = await writePlanes(folder.at('planes'), tiny, (z) => `z${z}.png`, saveWithSharp);
    for (const [input, output] of [
      [path, path],
      [path, files[1]],
      [planes.folder, planes.files[1]],
    ]) {
      const before = readFileSync(output);
      expect(await refusalOf(flattenSlide(input, output, { force: true }))).toMatchObject({ code: 'usage' });
      expect(readFileSync(output).equals(before)).toBe(true);
    }
  });

  it('should never harm the input through another hard link: the name is replaced, not the file', async () => {
    const { path } = await writeStack(folder.folder('hard'), tiny);
    const before = readFileSync(path);
    const other = folder.at('hard', 'other.tif');
    await link(path, other);
    await flattenSlide(path, other, { force: true });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('should only be looked for among files that there are', async () => {
    await refuseInput(folder.at('nothing.tif'), [folder.at('nothing-either.tif')]);
  });
});

describe('paths without permission', () => {
  itWithPermissions('should always be refused when a slide may not be read', async () => {
    const { path } = await writeStack(folder.folder('unreadable'), tiny);
    // Folders of tests are their user's alone.
    chmodSync(folder.at(), 0o755);
    chmodSync(path, 0o000);
    const refusal = await asOtherUser(() => refusalOf(flattenSlide(path, folder.at('never.tif'))));
    expect(refusal).toMatchObject({
      code: 'unreadable',
      place: { file: path },
      problem: expect.stringMatching(/may not be read/),
      hint: expect.any(String),
    });
  });

  itWithPermissions('should always be refused when a folder may not be read', async () => {
    const { folder: input } = await writePlanes(folder.at('closed'), tiny, (z) => `z${z}.png`, saveWithSharp);
    chmodSync(folder.at(), 0o755);
    chmodSync(input, 0o000);
    const refusal = await asOtherUser(() => refusalOf(flattenSlide(input, folder.at('never.tif'))));
    chmodSync(input, 0o755);
    expect(refusal).toMatchObject({ code: 'unreadable', place: { file: input } });
  });

  itWithPermissions('should always be refused when the output may not be written', async () => {
    const { path } = await writeStack(folder.folder('readable'), tiny);
    const out = folder.folder('read-only');
    chmodSync(folder.at(), 0o755);
    chmodSync(out, 0o555);
    const refusal = await asOtherUser(() => refusalOf(flattenSlide(path, join(out, 'flat.ome.tif'))));
    expect(refusal).toMatchObject({ code: 'output', hint: expect.any(String) });
    expect(refusal.message).toContain(out);
    expect(namesIn(out)).toEqual([]);
  });
});

describe('a full disk', () => {
  itWithSmallDisk('should never be left with part of a result', async () => {
    const { path } = await writeStack(folder.folder('large'), {
      ...tiny,
      width: 600,
      height: 400,
      storage: { codec: 'raw' },
    });
    for (const kilobytes of [8, 300, 900]) {
      await withSmallDisk(folder.at('disk'), kilobytes, async (disk) => {
        const at = join(disk, 'flat.ome.tif');
        expect(await refusalOf(flattenSlide(path, at, { method: 'exhaustive' }))).toMatchObject({
          code: 'output',
          problem: expect.stringMatching(/space/),
          place: { file: at },
        });
        expect(namesIn(disk)).toEqual([]);
        expect(openFiles().filter((file) => file.startsWith(disk))).toEqual([]);
      });
    }
  });

  itWithSmallDisk('should never lose the file that was there before', async () => {
    const { path } = await writeStack(folder.folder('large2'), {
      ...tiny,
      width: 600,
      height: 400,
      storage: { codec: 'raw' },
    });
    await withSmallDisk(folder.at('disk'), 300, async (disk) => {
      const at = join(disk, 'flat.ome.tif');
      writeFileSync(at, 'precious');
      expect(await refusalOf(flattenSlide(path, at, { method: 'exhaustive', force: true }))).toMatchObject({
        code: 'output',
      });
      expect(readFileSync(at, 'utf8')).toBe('precious');
      expect(namesIn(disk)).toEqual(['flat.ome.tif']);
    });
  });

  itWithSmallDisk('should always be told of where a tile grid has no room, with what to do', async () => {
    const { folder: input } = await writePlanes(
      folder.at('no-room'),
      { ...tiny, width: 600, height: 400 },
      (z) => `z${z}.png`,
      saveWithSharp,
    );
    const before = process.env.TMPDIR;
    await withSmallDisk(folder.at('tmp'), 500, async (disk) => {
      process.env.TMPDIR = disk;
      try {
        const refusal = await refusalOf(flattenSlide(input, folder.at('never.tif'), { method: 'exhaustive' }));
        expect(refusal).toMatchObject({
          code: 'output',
          problem: expect.stringMatching(/scratch space/),
          hint: expect.stringMatching(/TMPDIR/),
        });
        // What libvips has under way, nobody can stop: it ends soon.
        await vi.waitFor(() => expect(openFiles().filter((file) => file.startsWith(disk))).toEqual([]), {
          timeout: 20_000,
        });
        expect(namesIn(disk)).toEqual([]);
      } finally {
        process.env.TMPDIR = before;
      }
    });
  });
});
