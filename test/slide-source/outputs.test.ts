// The guard over every file of a slide: none of them is ever written over, whatever kind of slide it is.
import { linkSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeCzi } from '../../experiments/harness/fixtures/czi-slide.js';
import { writeDicomdir, writeDicomSlide } from '../../experiments/harness/fixtures/dicom-slide.js';
import { writeStack } from '../../experiments/harness/fixtures/ome-stack.js';
import { grey } from '../../experiments/harness/fixtures/pictures.js';
import { saveWithSharp, writePlanes } from '../../experiments/harness/fixtures/plane-files.js';
import { writeZarr } from '../../experiments/harness/fixtures/zarr-slide.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { refusalOf } from '../fixtures/left-behind.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

const { at, folder } = temporaryFolder();
const small = { width: 80, height: 64, planes: 3, depth: () => 0 } as const;

/** Slides of every kind; each lies alone in a folder. */
const kinds: Readonly<Record<string, (place: string) => Promise<string | readonly string[]>>> = {
  'an OME-TIFF': async (place) => (await writeStack(place, small)).path,
  'a set of OME-TIFFs': async (place) => (await writeStack(place, { ...small, files: 'a-plane-each' })).path,
  'a set of OME-TIFFs, one of three channels': async (place) =>
    (
      await writeStack(place, {
        ...small,
        files: 'a-plane-each',
        pixel: grey('uint8'),
        channels: 3,
        storage: { codec: 'deflate' },
      })
    ).path,
  'a companion': async (place) => (await writeStack(place, { ...small, files: 'companion' })).path,
  'planes in a folder': async (place) => (await writePlanes(place, small, (z) => `z${z}.png`, saveWithSharp)).folder,
  'a list of planes': async (place) => (await writePlanes(place, small, (z) => `z${z}.png`, saveWithSharp)).files,
  'a pattern': async (place) =>
    join((await writePlanes(place, small, (z) => `z${z}.png`, saveWithSharp)).folder, '*.png'),
  'a Zarr folder, version 0.4': async (place) => (await writeZarr(join(place, 'slide.zarr'), small)).folder,
  'a Zarr folder, version 0.5': async (place) =>
    (await writeZarr(join(place, 'slide.zarr'), { ...small, version: '0.5' })).folder,
  'a CZI': async (place) => (await writeCzi(join(place, 'slide.czi'))).path,
  'a DICOM series': async (place) => (await writeDicomSlide(place)).files[0],
  'a folder of DICOM files': async (place) => {
    await writeDicomSlide(place);
    return place;
  },
  'a DICOMDIR': async (place) => {
    const { files } = await writeDicomSlide(place);
    const listed = files.map((file) => [file.slice(place.length + 1)]);
    await writeDicomdir(join(place, 'DICOMDIR'), listed);
    return join(place, 'DICOMDIR');
  },
};

function filesIn(place: string): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => join(place, name))
    .filter((path) => statSync(path).isFile());
}

describe.each(Object.keys(kinds))('%s', (kind) => {
  it('should never have one of its files written over', async () => {
    const place = folder(kind);
    const input = await kinds[kind](place);
    const files = filesIn(place);
    expect(files.length).toBeGreaterThan(0);
    // Of many chunks a few stand for all.
    for (const file of files.filter(
      (_, i) => i % Math.ceil(files.length / 12) === 0 || /zarr|\.z/.test(files[i].slice(-9)),
    )) {
      expect(await refusalOf(openSlide(input, { outputs: [at('free.json'), file] }))).toMatchObject({
        code: 'usage',
        problem: expect.stringMatching(/the slide itself/),
        place: { file },
      });
    }
    await (await openSlide(input, { outputs: [at('free.json'), join(place, 'free.json')] }))
      .close()
      .catch(() => undefined);
  });
});

describe('a file of the slide', () => {
  it('should always be known by whatever way it is reached', async () => {
    const { path } = await writeStack(folder('ways'), small);
    symlinkSync(path, at('link.tif'));
    symlinkSync(at('ways'), at('way'));
    for (const output of [
      at('link.tif'),
      at('way', path.slice(at('ways').length + 1)),
      `${at('ways')}/../ways/./${path.slice(at('ways').length + 1)}`,
    ]) {
      expect(await refusalOf(openSlide(path, { outputs: [output] }))).toMatchObject({ code: 'usage' });
    }
  });

  it('should always be told from another name of the same bytes, and from a file of the same name', async () => {
    const { path } = await writeStack(folder('names'), small);
    linkSync(path, at('hard.tif'));
    writeFileSync(join(folder('names-2'), path.slice(at('names').length + 1)), 'x');
    const source = await openSlide(path, {
      outputs: [at('hard.tif'), join(at('names-2'), path.slice(at('names').length + 1))],
    });
    await source.close();
  });

  it('should always include what is not there yet: a chunk that is missing', async () => {
    const image = await writeZarr(join(folder('missing'), 'slide.zarr'), small);
    const output = join(image.folder, '0', '0', '0', '0', '0', '99');
    expect(await refusalOf(openSlide(image.folder, { outputs: [output] }))).toMatchObject({
      code: 'usage',
      problem: expect.stringMatching(/lies in the slide/),
    });
  });
});
