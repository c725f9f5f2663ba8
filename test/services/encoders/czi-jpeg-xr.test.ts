// CZI files whose pictures are JPEG XR, by the encoder of Microsoft's library.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StackSpec, writeCzi } from '../../../experiments/harness/fixtures/czi-slide.js';
import { jpegXrEncoder } from '../../../experiments/harness/fixtures/jpeg-xr-stream.js';
import { grey } from '../../../experiments/harness/fixtures/pictures.js';
import { verifySlide } from '../../../src/api/verify-slide.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { describeSlideSource } from '../../contracts/slide-source.js';
import { knownCzi } from '../../fixtures/known-czi.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { describeWith } from '../../fixtures/with-programs.js';
import { readsDamagedCziOrRefuses } from '../../laws/damaged-czi.js';

const kinds: Record<string, Partial<StackSpec>> = {
  colour: {},
  'grey of 8 bits': { pixel: grey('uint8') },
  'grey of 16 bits': { pixel: grey('uint16') },
};
const storage = 'jpeg-xr';

describeWith([jpegXrEncoder], 'CZI of JPEG XR', () => {
  for (const [name, spec] of Object.entries(kinds)) {
    describeSlideSource(name, async (folder) => {
      const frame = { width: 150, height: 91, stepX: 150, stepY: 91 };
      return knownCzi(await writeCzi(folder.at('in.czi'), { ...spec, storage, frame, levels: 1 }));
    });
  }

  describe('a file', () => {
    const folder = temporaryFolder();

    it('should always be flattened by encoding once, and verified', async () => {
      const size = { width: 300, height: 200, planes: 3, levels: 2 };
      const frame = { width: 300, height: 200, stepX: 300, stepY: 200 };
      const { path } = await writeCzi(folder.at('in.czi'), { ...size, storage, frame, pixel: grey('uint16') });
      const output = join(folder.folder('out'), 'flat.ome.tiff');
      const { report } = await flattenSlide(path, output, { method: 'exhaustive', tileSize: 64 });
      const { tilesCopied, tilesEncoded } = report.output as NonNullable<typeof report.output>;
      expect([tilesCopied, Object.keys(tilesEncoded)]).toEqual([0, ['planes stored without tiles']]);
      expect(await verifySlide(path, output)).toMatchObject({ verified: true, problems: [] });
    });

    it('should only ever be read or refused, damaged', async () => {
      const spec = { width: 70, height: 40, planes: 2, depth: () => 0, storage, scenes: 2 } as const;
      const { path } = await writeCzi(folder.at('damaged.czi'), spec);
      await readsDamagedCziOrRefuses(await readFile(path), path, 150);
    });
  });
});
