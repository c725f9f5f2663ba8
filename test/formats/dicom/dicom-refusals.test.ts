// DICOM slides that zflat refuses, what it leaves out and says.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataSetBytes, fileBytes } from '../../../experiments/harness/fixtures/dicom-bytes.js';
import {
  type DicomSpec,
  transferSyntaxes,
  type WrittenSlide,
  writeDicomdir,
  writeDicomSlide,
} from '../../../experiments/harness/fixtures/dicom-slide.js';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { isSlideError, type SlideError } from '../../../src/errors.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { openFiles, refusalOf } from '../../fixtures/left-behind.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();
const small = { width: 100, height: 60, levels: 2, planes: 3, depth: () => 1 } as const;
let count = 0;

function written(spec: Partial<DicomSpec> = {}): Promise<WrittenSlide> {
  return writeDicomSlide(folder.folder(`in-${count++}`), { ...small, ...spec });
}

async function opened(input: string | readonly string[], options: OpenOptions = {}) {
  const source = await openSlide(input, options);
  await source.close();
  return source.info;
}

async function refused(input: string | readonly string[], options: OpenOptions = {}): Promise<SlideError> {
  const refusal = await refusalOf(opened(input, options));
  expect(openFiles().filter((path) => path.startsWith(folder.at('in-')))).toEqual([]);
  return refusal;
}

describe('DICOM: what is refused', () => {
  it('should always name compressions that zflat does not read', async () => {
    const names: Record<string, RegExp> = {
      '1.2.840.10008.1.2.4.90': /JPEG 2000/,
      '1.2.840.10008.1.2.4.80': /JPEG-LS/,
      '1.2.840.10008.1.2.5': /run lengths/,
      '1.2.3.4': /1\.2\.3\.4/,
    };
    for (const [uid, words] of Object.entries(names)) {
      const { files, folder: input } = await written({ levels: 1 });
      const bytes = (await readFile(files[0])).toString('latin1');
      const padded = uid.length % 2 === 0 ? uid : `${uid}\0`;
      const own = transferSyntaxes.jpeg;
      const value = Buffer.from(`UI\0\0${padded}`, 'latin1');
      value.writeUInt16LE(padded.length, 2);
      const before = Buffer.from(`UI\0\0${own}`, 'latin1');
      before.writeUInt16LE(own.length, 2);
      await writeFile(
        files[0],
        Buffer.from(bytes.replace(before.toString('latin1'), value.toString('latin1')), 'latin1'),
      );
      const refusal = await refused(input);
      expect(refusal).toMatchObject({ code: 'unsupported', place: { file: files[0] }, hint: expect.any(String) });
      expect(refusal.problem).toMatch(words);
    }
  });

  it('should always refuse frames that are missing or too many', async () => {
    for (const frames of ['11', '13', '1', '2000000000']) {
      const { folder: input, files } = await written({ levels: 1, change: [['0028,0008', 'IS', frames]] });
      expect(await refused(input)).toMatchObject({ code: 'contradictory', place: { file: files[0] } });
    }
  });

  it('should always refuse sparse frames that overlap, lie between tiles or outside', async () => {
    const place = (x: number, y: number, z = '1') => [
      [
        '0048,021A',
        'SQ',
        [
          [
            ['0048,021E', 'SL', [x]],
            ['0048,021F', 'SL', [y]],
            ['0040,074A', 'DS', z],
          ],
        ],
      ] as const,
    ];
    const cases = [
      { frames: [place(1, 1), place(1, 1)], words: /frames 1 and 2 show the same tile/, code: 'unsupported' },
      { frames: [place(1, 1), place(33, 1)], words: /column 33, row 1, on no border/, code: 'unsupported' },
      { frames: [place(1, 1), place(1, 641)], words: /outside the 100 x 60/, code: 'contradictory' },
      { frames: [place(1, 1), place(-63, 1)], words: /outside/, code: 'contradictory' },
      { frames: [place(1, 1)], words: /says of 1 where/, code: 'contradictory' },
      { frames: [place(1, 1), []], words: /does not say where frame 2/, code: 'contradictory' },
    ];
    for (const { frames, words, code } of cases) {
      const { folder: input, files } = await written({
        levels: 1,
        planes: 1,
        depth: () => 0,
        tiling: 'TILED_SPARSE',
        change: [['5200,9230', 'SQ', frames]],
      });
      const refusal = await refused(input);
      expect(refusal).toMatchObject({ code, place: { file: files[0] } });
      expect(refusal.problem).toMatch(words);
    }
  });

  it('should always refuse two planes of one height, and a matrix that is absurd', async () => {
    const twice = await written({ instances: 'a-plane-each', levels: 1 });
    await copyFile(twice.files[1], `${twice.folder}/copy.dcm`);
    expect(await refused(twice.folder)).toMatchObject({
      code: 'mismatch',
      problem: expect.stringMatching(/same height/),
    });
    const huge = await written({
      levels: 1,
      tiling: 'TILED_SPARSE',
      change: [
        ['0048,0006', 'UL', [4e9]],
        ['0048,0007', 'UL', [4e9]],
      ],
    });
    expect(await refused(huge.folder)).toMatchObject({
      code: 'contradictory',
      problem: expect.stringMatching(/tells of/),
    });
  });

  it('should always refuse pixels that zflat can not read', async () => {
    const cases: [Partial<DicomSpec>, RegExp][] = [
      [{ storage: { codec: 'raw' }, change: [['0028,0006', 'US', [1]]] }, /separate images/],
      [{ storage: { codec: 'raw' }, change: [['0028,0004', 'CS', 'YBR_FULL']] }, /YCbCr/],
      [{ storage: { codec: 'raw' }, change: [['0028,0004', 'CS', 'PALETTE COLOR']] }, /PALETTE COLOR/],
      [{ storage: { codec: 'raw' }, pixel: grey('uint16'), change: [['0028,0102', 'US', [3]]] }, /16 bits in 16/],
      [{ change: [['0028,0011', 'US', [128]]] }, /frames/],
    ];
    for (const [spec, words] of cases) {
      const { folder: input } = await written({ levels: 1, ...spec });
      expect((await refused(input)).problem).toMatch(words);
    }
  });

  it('should always refuse a concatenation that lacks a part', async () => {
    const { files } = await written({ levels: 1, parts: 3 });
    const refusal = await refused([files[0], files[2]]);
    expect(refusal).toMatchObject({ code: 'damaged', problem: expect.stringMatching(/in 3 files, of which part 2/) });
  });

  it('should always refuse what was cut short', async () => {
    for (const offsets of ['basic', 'extended', 'none'] as const) {
      const { folder: input, files } = await written({ levels: 1, offsets });
      const whole = await readFile(files[0]);
      for (const part of [0.02, 0.3, 0.9, 0.999]) {
        await writeFile(files[0], whole.subarray(0, Math.round(whole.length * part)));
        expect(await refused(input)).toMatchObject({
          code: 'damaged',
          place: { file: files[0] },
          hint: expect.any(String),
        });
      }
    }
  });

  it('should never show pixels from where no frame is: wrong offsets are noticed when a tile is read', async () => {
    const { folder: input, files } = await written({ levels: 1, offsets: 'extended' });
    const bytes = await readFile(files[0]);
    const at = bytes.indexOf(Buffer.from('e07f0100', 'hex')) + 12;
    bytes.writeUInt32LE(bytes.readUInt32LE(at + 8) + 2, at + 8);
    await writeFile(files[0], bytes);
    const source = await openSlide(input);
    const refusal = await refusalOf(source.readTile({ level: 0, plane: 0, row: 0, column: 1 }));
    await source.close();
    expect(refusal).toMatchObject({
      code: 'damaged',
      place: { file: files[0], level: 0, plane: 0, row: 0, column: 1 },
      problem: expect.stringMatching(/frame 2 is not where/),
    });
  });

  it('should always refuse folders of several series, and DICOM files that are no slides', async () => {
    const two = folder.folder(`in-${count++}`);
    await writeDicomSlide(two, { ...small, seed: 5 });
    for (const file of (await written({ seed: 6 })).files) await copyFile(file, `${two}/other-${basename(file)}`);
    expect(await refused(two)).toMatchObject({ code: 'usage', problem: expect.stringMatching(/2 series/) });
    const other = folder.folder(`in-${count++}`);
    const ct = fileBytes(
      '1.2.840.10008.5.1.4.1.1.2',
      '1.2.3',
      transferSyntaxes.explicit,
      dataSetBytes([], { explicit: true, delimited: false }),
    );
    await writeFile(`${other}/ct.dcm`, ct);
    for (const input of [other, `${other}/ct.dcm`]) {
      expect(await refused(input)).toMatchObject({
        code: 'unsupported',
        problem: expect.stringMatching(/no whole-slide/),
      });
    }
  });

  it('should always say what a DICOMDIR lacks, and never leave its folder', async () => {
    const { folder: input, files } = await written({ levels: 1 });
    await writeDicomdir(`${input}/DICOMDIR`, [[basename(files[0])], ['IMAGES', 'GONE']]);
    expect(await refused(input)).toMatchObject({ code: 'damaged', problem: expect.stringMatching(/IMAGES\/GONE/) });
    await writeDicomdir(`${input}/DICOMDIR`, [['..', 'SECRET']]);
    expect(await refused(`${input}/DICOMDIR`)).toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/can't be/),
    });
    await writeDicomdir(`${input}/DICOMDIR`, []);
    expect(await refused(input)).toMatchObject({ code: 'unsupported' });
  });

  it('should always refuse optical paths and timepoints that there are not', async () => {
    const { folder: input } = await written({ opticalPaths: ['a', 'b'] });
    expect(await refused(input, { channel: 'c' })).toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/light a/),
    });
    expect(await refused(input, { channel: 2 })).toMatchObject({ code: 'usage' });
    expect(await refused(input, { timepoint: 1 })).toMatchObject({ code: 'usage' });
  });
});

describe('DICOM: what is said', () => {
  it('should always keep what must survive flattening', async () => {
    const iccProfile = Uint8Array.from({ length: 5001 }, (_, i) => i);
    const slide = await written({ pictures: ['LABEL', 'OVERVIEW'], iccProfile });
    const source = await openSlide(slide.folder);
    expect(source.info).toMatchObject({
      name: 'Slide 3',
      micronsPerPixel: { x: 0.25, y: 0.25 },
      objective: { magnification: 20, numericalAperture: 0.75 },
      acquisitionDate: '2024-05-06T07:08:09',
      associatedImages: [
        { kind: 'label', width: 90, height: 40 },
        { kind: 'macro', width: 92, height: 40 },
      ],
    });
    expect(
      Buffer.from(source.info.iccProfile as Uint8Array)
        .subarray(0, 5001)
        .equals(iccProfile),
    ).toBe(true);
    for (const [i, image] of source.info.associatedImages.entries()) {
      expect(Buffer.from((await source.readAssociatedImage(image)).data.buffer)).toEqual(
        Buffer.from(slide.pictures[i].data.buffer),
      );
    }
    await source.close();
  });

  it("should never count the scanner's own extended focus as a plane", async () => {
    const slide = await written({ levels: 1 });
    const merged = await written({ levels: 1, planes: 1, depth: () => 0, change: [['0048,0012', 'CS', 'YES']] });
    await copyFile(merged.files[0], `${slide.folder}/merged.dcm`);
    const info = await opened(slide.folder);
    expect(info.planes).toHaveLength(3);
    expect(info.notes).toEqual([expect.stringMatching(/merged\.dcm.*extended focus/)]);
    expect((await opened(merged.folder)).planes).toHaveLength(1);
  });

  it('should always take heights from --z-step where the file says none', async () => {
    const { folder: input } = await written({ firstZUm: undefined, zStepUm: undefined });
    expect((await opened(input)).planes.map(({ zUm }) => zUm)).toEqual([undefined, undefined, undefined]);
    expect((await opened(input, { zStepUm: 2 })).planes.map(({ zUm }) => zUm)).toEqual([0, 2, 4]);
  });

  it('should always say which levels it left out', async () => {
    const slide = await written({ instances: 'a-plane-each', levels: 2 });
    const info = await opened(slide.files.slice(0, 4));
    expect(info.levels).toHaveLength(1);
    expect(info.notes).toEqual([expect.stringMatching(/level 1: it has 1 planes/)]);
  });
});

describe('DICOM: any bytes', () => {
  const specs: Record<string, Partial<DicomSpec>> = {
    'full, with an extended offset table': { offsets: 'extended' },
    'sparse, an instance per plane': { tiling: 'TILED_SPARSE', instances: 'a-plane-each' },
    'uncompressed, in Implicit VR': { storage: { codec: 'raw' }, encoding: { explicit: false, delimited: true } },
  };

  it.each(Object.entries(specs))('should only ever be read or refused: %s', async (_, spec) => {
    const { folder: input, files } = await written({ ...spec, planes: 2, depth: () => 0 });
    const [first] = files;
    const original = await readFile(first);
    // The header; then anywhere.
    const place = fc.oneof(fc.nat(1500), fc.nat(original.length - 1));
    const value = fc.oneof(fc.constantFrom(0, 1, 2, 0x30, 0x39, 0x7f, 0x80, 0xff), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, value), { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(original);
        for (const [at, byte] of changes) bytes[at] = byte;
        await writeFile(first, bytes);
        try {
          const source = await openSlide(input);
          try {
            const { levels, planes } = source.info;
            for (const { level } of levels) {
              await source.tileLengths(level);
              const tile = await source.readTile({ level, plane: planes.length - 1, row: 0, column: 0 });
              if (tile) await decodeTile(tile);
            }
          } finally {
            await source.close();
          }
        } catch (error) {
          if (!isSlideError(error)) throw error;
        }
      }),
      { numRuns: 150 },
    );
    expect(openFiles().filter((path) => path.startsWith(input))).toEqual([]);
  });
});
