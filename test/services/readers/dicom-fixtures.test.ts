// That slides which our fixtures build are DICOM: dcmtk reads them as zflat does.
import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { type DicomSpec, writeDicomSlide } from '../../../experiments/harness/fixtures/dicom-slide.js';
import { meanDifference } from '../../../experiments/harness/fixtures/pictures.js';
import { run } from '../../../experiments/harness/fixtures/programs.js';
import { decodeTile } from '../../../src/codecs/codec.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { itWith } from '../../fixtures/with-programs.js';

const folder = temporaryFolder();
const small = { width: 100, height: 60, levels: 2, planes: 3, depth: () => 1 } as const;
let count = 0;

const written = (spec: Partial<DicomSpec> = {}) =>
  writeDicomSlide(folder.folder(`in-${count++}`), { ...small, ...spec });

describe('DICOM fixtures', () => {
  itWith(['dcmdump'], 'should always be read by dcmtk without a complaint', async () => {
    for (const spec of [
      {},
      { tiling: 'TILED_SPARSE', offsets: 'extended' },
      { storage: { codec: 'raw' }, encoding: { explicit: false, delimited: true } },
    ] as Partial<DicomSpec>[]) {
      const { files } = await written(spec);
      for (const file of files) {
        const text = await run('dcmdump', '+W', folder.folder('dumped'), file);
        expect(text).toMatch(/SOPClassUID/);
        expect(text).not.toMatch(/^[EW]:|Unknown Tag/m);
      }
    }
  });

  itWith(['dcmj2pnm'], 'should always show dcmtk the frames that zflat takes them for', async () => {
    const slide = await written({ width: 150, height: 91, storage: { codec: 'jpeg', sampling: '4:4:4' } });
    const source = await openSlide(slide.folder);
    const { columns, rows } = source.info.levels[0].grid;
    for (const [plane, row, column] of [
      [0, 0, 0],
      [1, 1, 2],
      [2, 0, 1],
    ]) {
      const frame = plane * rows * columns + row * columns + column + 1;
      const out = folder.at(`frame-${frame}.png`);
      await run('dcmj2pnm', '+on', '+F', String(frame), slide.files[0], out);
      const { data } = await sharp(out).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const tile = await source.readTile({ level: 0, plane, row, column });
      const raster = await decodeTile(tile as NonNullable<typeof tile>);
      expect(meanDifference(raster.data, data)).toBeLessThan(1.5);
    }
    await source.close();
  });
});
