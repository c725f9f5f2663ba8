// What a flattened slide says of itself, as programs of other people read it.
import { beforeAll, describe, expect } from 'vitest';
import { depthByTile, writeStack } from '../../../experiments/harness/fixtures/ome-stack.js';
import { run } from '../../../experiments/harness/fixtures/programs.js';
import { flattenSlide } from '../../../src/flatten-slide.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';
import { itWith } from '../../fixtures/with-programs.js';

const folder = temporaryFolder();
/** Of the result: 150 x 90 pixels, 75 x 45, 37 x 22. */
const levels = 3;
let path = '';

beforeAll(async () => {
  const stack = await writeStack(folder.folder('in'), {
    width: 150,
    height: 90,
    planes: 3,
    depth: depthByTile(64, 3),
    magnification: 40,
    micronsPerPixel: 0.2325,
    channelNames: ['H&amp;E &lt;1&gt;'],
    pictures: ['label', 'macro'],
  });
  path = folder.at('flat.ome.tif');
  await flattenSlide(stack.path, path, { method: 'exhaustive', seed: 7 });
});

describe('a flattened slide', () => {
  itWith(
    ['xmllint', 'tiffinfo'],
    'should always hold well-formed OME-XML with elements in the order of its schema',
    async () => {
      const xml = await descriptionOf(path);
      expect(await run('sh', '-c', 'printf %s "$0" | xmllint --noout - 2>&1', xml)).toBe('');
      const order = [
        '<Instrument',
        '<Image',
        '<AcquisitionDate',
        '<InstrumentRef',
        '<ObjectiveSettings',
        '<Pixels',
        '<Channel',
        '<TiffData',
        '</Pixels',
        '<AnnotationRef',
        '</Image',
        '<StructuredAnnotations',
      ];
      const places = order.map((tag) => xml.indexOf(tag));
      expect(places.every((place) => place > 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    },
  );

  itWith(['tiffinfo'], 'should always carry its resolution on every level in tags, too', async () => {
    const printed = await run('tiffinfo', path);
    const all = [...printed.matchAll(/Resolution: ([\d.]+), ([\d.]+) pixels\/cm/g)].map((match) => Number(match[1]));
    // The main chain first; then it follows SubIFDs.
    const resolutions = all.slice(0, levels);
    for (const [level, perCm] of resolutions.entries()) expect(10_000 / perCm / 2 ** level).toBeCloseTo(0.2325, 4);
  });
});

async function descriptionOf(tiff: string): Promise<string> {
  const printed = await run('tiffinfo', tiff);
  return /ImageDescription: ([\s\S]*<\/OME>)/.exec(printed)?.[1] ?? '';
}
