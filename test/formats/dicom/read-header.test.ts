import { readFile } from 'node:fs/promises';
import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dataSetBytes,
  delimiter,
  type Element,
  type Encoding,
  elementHeader,
  fileBytes,
  itemBytes,
} from '../../../experiments/harness/fixtures/dicom-bytes.js';
import {
  type DicomSpec,
  transferSyntaxes,
  wholeSlideClass,
  writeDicomSlide,
} from '../../../experiments/harness/fixtures/dicom-slide.js';
import { isSlideError } from '../../../src/errors.js';
import { looksLikeDicom } from '../../../src/formats/dicom/dicom-magic.js';
import { encapsulatedFrames } from '../../../src/formats/dicom/frame-table.js';
import { readDicomHeader } from '../../../src/formats/dicom/read-header.js';
import { tag } from '../../../src/formats/dicom/tags.js';
import { readWsiInstance } from '../../../src/formats/dicom/wsi-instance.js';
import { joinConcatenations, layersOf } from '../../../src/formats/dicom/wsi-layers.js';
import { refusalOf } from '../../fixtures/left-behind.js';
import { memoryReader } from '../../fixtures/memory-bytes.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const folder = temporaryFolder();

const explicit: Encoding = { explicit: true, delimited: false };
const encodings: Encoding[] = [
  explicit,
  { explicit: true, delimited: true },
  { explicit: false, delimited: false },
  { explicit: false, delimited: true },
];

function fileOf(elements: readonly Element[], encoding = explicit, syntax?: string): Buffer {
  const own = encoding.explicit ? transferSyntaxes.explicit : transferSyntaxes.implicit;
  return fileBytes(wholeSlideClass, '1.2.3', syntax ?? own, dataSetBytes(elements, encoding));
}

describe('readDicomHeader', () => {
  it.each(encodings)('should always read what was written, in %o', async (encoding) => {
    const elements: Element[] = [
      ['0008,0008', 'CS', 'ORIGINAL\\PRIMARY\\VOLUME\\NONE'],
      ['0008,0016', 'UI', wholeSlideClass],
      ['0009,0010', 'LO', 'SOMEBODY PRIVATE'],
      ['0028,0010', 'US', [300]],
      ['0040,0512', 'LO', 'Präparat 7'],
      ['0040,0560', 'SQ', [[['0040,0551', 'LO', 'nested, and not looked at']], []]],
      ['0048,0001', 'FL', [12.5]],
      ['0048,0006', 'UL', [70_000]],
      ['0048,0008', 'SQ', [[['0040,074A', 'DS', ' -1.5e1 ']]]],
    ];
    const { data, pixelData } = await readDicomHeader(memoryReader(fileOf(elements, encoding)));
    expect(pixelData).toBeUndefined();
    expect(data.texts(tag.imageType)).toEqual(['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE']);
    expect(data.text(tag.sopClass)).toBe(wholeSlideClass);
    expect(data.number(tag.rows)).toBe(300);
    expect(data.text(tag.containerIdentifier)).toBe('Präparat 7');
    expect(data.number(tag.imagedVolumeWidth)).toBe(12.5);
    expect(data.number(tag.matrixColumns)).toBe(70_000);
    expect(data.item(tag.matrixOrigin)?.number(tag.zOffset)).toBe(-15);
    expect(data.number(tag.matrixRows)).toBeUndefined();
  });

  it('should always read what dicom-parser reads', async () => {
    // It knows no extended offset tables.
    for (const spec of [
      { iccProfile: new Uint8Array(50) },
      { tiling: 'TILED_SPARSE', encoding: { explicit: true, delimited: true } },
      { storage: { codec: 'raw' }, encoding: { explicit: false, delimited: false } },
    ] as Partial<DicomSpec>[]) {
      const { files } = await writeDicomSlide(folder.at('oracle'), { planes: 2, depth: () => 0, levels: 1, ...spec });
      const bytes = await readFile(files[0]);
      const { data, pixelData, transferSyntax } = await readDicomHeader(memoryReader(bytes));
      const theirs = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
      expect(transferSyntax).toBe(theirs.string('x00020010'));
      for (const [element, name] of [
        [tag.sopClass, 'x00080016'],
        [tag.seriesUid, 'x0020000e'],
        [tag.photometric, 'x00280004'],
        [tag.numberOfFrames, 'x00280008'],
        [tag.dimensionOrganization, 'x00209311'],
      ] as const) {
        expect(data.text(element)).toBe(theirs.string(name));
      }
      expect(data.number(tag.rows)).toBe(theirs.uint16('x00280010'));
      expect(data.number(tag.matrixColumns)).toBe(theirs.uint32('x00480006'));
      const measures = theirs.elements.x52009229.items?.[0].dataSet?.elements.x00289110.items?.[0].dataSet;
      expect(data.item(tag.sharedGroups)?.item(tag.pixelMeasures)?.text(tag.sliceSpacing)).toBe(
        measures?.string('x00180088'),
      );
      expect(pixelData?.at).toBe(theirs.elements.x7fe00010.dataOffset);
    }
  });

  it('should never keep per-frame items: each is handed on and dropped', async () => {
    const items = Array.from({ length: 5000 }, (_, i): Element[] => [
      ['0048,021A', 'SQ', [[['0048,021E', 'SL', [i + 1]]]]],
    ]);
    const seen: (number | undefined)[] = [];
    const reader = memoryReader(fileOf([['5200,9230', 'SQ', items]]));
    const { data } = await readDicomHeader(reader, {
      tag: tag.perFrameGroups,
      read: (item) => seen.push(item.item(tag.planePosition)?.number(tag.columnPosition)),
    });
    expect(seen).toEqual(items.map((_, i) => i + 1));
    expect(data.get(tag.perFrameGroups)).toBeUndefined();
    expect(reader.bytesRead).toBeLessThan(1.5 * reader.size + 70_000);
  });

  it('should always pass over long values without reading them', async () => {
    const reader = memoryReader(
      fileOf([
        ['0009,1001', 'OB', new Uint8Array(3_000_000)],
        ['0028,0010', 'US', [64]],
      ]),
    );
    const { data } = await readDicomHeader(reader);
    expect(data.number(tag.rows)).toBe(64);
    expect(reader.bytesRead).toBeLessThan(200_000);
  });

  it('should always pass over pixels in sequences: those of icons', async () => {
    const pixels = Buffer.concat([
      itemBytes(Buffer.alloc(0)),
      itemBytes(Buffer.alloc(50, 0x41)),
      delimiter('FFFE,E0DD'),
    ]);
    const pixelData = Buffer.concat([elementHeader('7FE0,0010', 'OB', 0xffff_ffff, explicit), pixels]);
    const icon = Buffer.concat([
      elementHeader('0088,0200', 'SQ', pixelData.length + 8, explicit),
      itemBytes(pixelData),
    ]);
    const rows = dataSetBytes([['0048,0006', 'UL', [7]]], explicit);
    // Out of order, which does not matter here.
    const file = fileBytes(wholeSlideClass, '1.2.3', transferSyntaxes.explicit, Buffer.concat([icon, rows]));
    expect((await readDicomHeader(memoryReader(file))).data.number(tag.matrixColumns)).toBe(7);
    const open = Buffer.from(file);
    open.writeUInt32LE(0xffff_ffff, open.indexOf(Buffer.from('880000025351', 'hex')) + 8);
    expect((await refusalOf(readDicomHeader(memoryReader(open)))).code).toBe('damaged');
  });

  it('should always say which encodings it does not read', async () => {
    for (const [syntax, words] of [
      ['1.2.840.10008.1.2.1.99', /deflated/],
      ['1.2.840.10008.1.2.2', /big-endian/],
      ['', /no transfer syntax/],
    ] as const) {
      const refusal = await refusalOf(readDicomHeader(memoryReader(fileOf([], explicit, syntax))));
      expect(refusal.problem).toMatch(words);
      expect(refusal.hint).toBeTruthy();
    }
  });

  it('should always refuse sequences deeper than any', async () => {
    let nested: Element = ['0048,0008', 'SQ', []];
    for (let depth = 0; depth < 40; depth++) nested = ['0048,0008', 'SQ', [[nested]]];
    expect((await refusalOf(readDicomHeader(memoryReader(fileOf([nested]))))).problem).toMatch(/16 deep/);
  });
});

describe('damaged DICOM files', () => {
  const specs: Partial<DicomSpec>[] = [
    { pictures: [], iccProfile: new Uint8Array(300) },
    { tiling: 'TILED_SPARSE', offsets: 'none', fragments: 2 },
    { tiling: 'TILED_SPARSE', offsets: 'extended', encoding: { explicit: true, delimited: true } },
    { storage: { codec: 'raw' }, encoding: { explicit: false, delimited: true }, tiling: 'TILED_SPARSE' },
  ];
  let made: Promise<Buffer[]> | undefined;
  const originals = () => {
    made ??= Promise.all(
      specs.map(async (spec, i) => {
        const size = { width: 70, height: 40, tile: { width: 32, height: 32 }, levels: 1, planes: 2 };
        const { files } = await writeDicomSlide(folder.at(`in-${i}`), { ...size, depth: () => 0, ...spec });
        return readFile(files[0]);
      }),
    );
    return made;
  };

  /** Everything that is done before a frame is decoded; ends well or with a SlideError, in time bounded by the length of the file. */
  async function readsOrRefuses(bytes: Uint8Array): Promise<void> {
    const reader = memoryReader(bytes);
    try {
      if (!looksLikeDicom(bytes)) return;
      const instance = await readWsiInstance(reader);
      if (!instance) return;
      for (const image of joinConcatenations([instance])) {
        for (const { frameOf } of layersOf(image)) frameOf(0);
      }
      const table = await encapsulatedFrames(reader, instance.header, instance.frameCount);
      for (let frame = 0; frame < Math.min(table.lengths.length, 50); frame++) await table.read(frame);
    } catch (error) {
      if (!isSlideError(error)) throw error;
    }
    expect(reader.reads).toBeLessThan(bytes.length / 8 + 200);
  }

  it('should only ever be read or refused, wherever they are cut', async () => {
    for (const original of await originals()) {
      await fc.assert(
        fc.asyncProperty(fc.nat(original.length), (length) => readsOrRefuses(original.subarray(0, length))),
        { numRuns: 60 },
      );
    }
  });

  it('should only ever be read or refused, whatever bytes are changed', async () => {
    const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), fc.nat(255));
    for (const original of await originals()) {
      // Most of what can go wrong stands in the header: its first 1500 bytes.
      const change = fc.tuple(fc.oneof(fc.nat(Math.min(1500, original.length - 1)), fc.nat(original.length - 1)), byte);
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
          const bytes = Buffer.from(original);
          for (const [at, value] of changes) bytes[at] = value;
          await readsOrRefuses(bytes);
        }),
        { numRuns: 250 },
      );
    }
  });

  it('should only ever be read or refused, whatever follows the first bytes', async () => {
    const [original] = await originals();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(132, 300, 500), async (noise, kept) => {
        await readsOrRefuses(Buffer.concat([original.subarray(0, kept), noise]));
      }),
      { numRuns: 200 },
    );
  });
});
