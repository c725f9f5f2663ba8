// What writers make of OME-TIFF: several images, files known by UUIDs and by odd names, metadata elsewhere, odd text and units.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharpPicture } from '../../../experiments/harness/fixtures/pictures.js';
import type { OpenOptions } from '../../../src/slide-source/open-options.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { omeImage, omeXml, planeOf, tiffData, uuidOf, writePlaneTiff } from '../../fixtures/plane-tiff.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.js';

const { at, folder } = temporaryFolder();
const three = [0, 1, 2].map((seed) => planeOf(seed));
const oneChannel = '<Channel ID="Channel:0:0" SamplesPerPixel="1"/><TiffData/>';

/** What a slide is, and which of the pictures of `planeOf` each of its planes is (-1: none). */
async function read(input: string | readonly string[], options: OpenOptions = {}) {
  const source = await openSlide(input, options);
  try {
    const { info } = source;
    const colour = info.encoding.channels === 3;
    const seeds: number[] = [];
    for (const { plane } of info.planes) {
      const tile = await source.readTile({ level: 0, plane, row: 0, column: 0 });
      const bytes = Buffer.from(tile?.bytes ?? []);
      seeds.push([0, 1, 2, 3, 4, 5].findIndex((seed) => bytes.equals(planeOf(seed, colour).data as Uint8Array)));
    }
    return { info, seeds, zUm: info.planes.map(({ zUm }) => zUm) };
  } finally {
    await source.close();
  }
}

/** A set of three files with these names in the metadata and on the disk. */
async function writeSet(name: string, said: readonly string[], onDisk = said, uuids = true): Promise<string[]> {
  const rules = said.map((fileName, z) => tiffData(z, fileName, uuids ? uuidOf(z) : undefined)).join('');
  const image = omeImage({ z: 3, content: rules });
  return Promise.all(
    onDisk.map((fileName, z) =>
      writePlaneTiff(at(name, fileName), [three[z]], [omeXml(image, uuids ? uuidOf(z) : undefined)]),
    ),
  );
}

describe('OME-TIFF with several images', () => {
  const overview = sharpPicture({ width: 64, height: 64 }, { channels: 1, sample: 'uint8' }, 9);
  const image = (name: string, z: number, ifd: number, size = {}) =>
    omeImage({ name, z, ...size, content: `<TiffData IFD="${ifd}" PlaneCount="${z}"/>` });

  it('should always take the stack with the largest planes, wherever it stands, and say so', async () => {
    const images = [image('overview of it', 1, 0, { width: 64, height: 64 }), image('scan [#02]', 3, 1)];
    const path = await writePlaneTiff(at('overview.ome.tif'), [overview, ...three], [omeXml(images.join(''))]);
    // The word overview makes a macro image of the first; by another name it is a slide.
    expect((await read(path)).info).toMatchObject({ scenes: undefined, associatedImages: [{ kind: 'macro' }] });
    const named = [image('scan [#01]', 1, 0, { width: 64, height: 64 }), images[1]];
    const other = await writePlaneTiff(at('first.ome.tif'), [overview, ...three], [omeXml(named.join(''))]);
    const { info, seeds } = await read(other);
    expect(seeds).toEqual([0, 1, 2]);
    expect(info.scenes).toEqual([
      { index: 0, name: 'scan [#01]', width: 64, height: 64, read: false },
      { index: 1, name: 'scan [#02]', width: 96, height: 80, read: true },
    ]);
    expect(info.notes).toEqual([expect.stringMatching(/scene 1 of 2 \(scan \[#02\]\) taken/)]);
    expect((await read(other, { scene: 0 })).info.planes).toHaveLength(1);
  });

  it('should always let one be chosen by number and by name', async () => {
    const xml = omeXml([image('Pos0', 3, 0), image('Pos1', 3, 3)].join(''));
    const path = await writePlaneTiff(
      at('positions.ome.tif'),
      [0, 1, 2, 3, 4, 5].map((seed) => planeOf(seed)),
      [xml],
    );
    expect(await read(path)).toMatchObject({ seeds: [0, 1, 2], info: { name: 'Pos0' } });
    for (const scene of [1, 'Pos1']) {
      expect(await read(path, { scene })).toMatchObject({ seeds: [3, 4, 5], info: { name: 'Pos1', notes: [] } });
    }
    await expect(read(path, { scene: 'Pos2' })).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringMatching(/0 \(Pos0\), 1 \(Pos1\)/),
    });
  });

  it('should always take the image of the file that was given alone, of a set with an image in each', async () => {
    const rules = (pos: number) =>
      [0, 1, 2].map(
        (z) =>
          `<TiffData FirstZ="${z}" IFD="${z}" PlaneCount="1"><UUID FileName="MMStack_Pos${pos}.ome.tif">${uuidOf(pos)}</UUID></TiffData>`,
      );
    const images = [0, 1].map((pos) => omeImage({ name: `Pos${pos}`, z: 3, content: rules(pos).join('') })).join('');
    const files = await Promise.all(
      [0, 1].map((pos) =>
        writePlaneTiff(
          at('positions', `MMStack_Pos${pos}.ome.tif`),
          [0, 1, 2].map((z) => planeOf(3 * pos + z)),
          [omeXml(images, uuidOf(pos))],
        ),
      ),
    );
    expect(await read(files[0])).toMatchObject({ seeds: [0, 1, 2], info: { name: 'Pos0' } });
    expect(await read(files[1])).toMatchObject({ seeds: [3, 4, 5], info: { name: 'Pos1' } });
    expect(await read(files[1], { scene: 'Pos0' })).toMatchObject({ seeds: [0, 1, 2] });
    expect(await read(at('positions'))).toMatchObject({ seeds: [0, 1, 2] });
  });

  it('should never take planes of one image for coarser levels of another', async () => {
    const half = sharpPicture({ width: 48, height: 40 }, { channels: 1, sample: 'uint8' }, 9);
    const xml = omeXml([image('a', 1, 0), image('b', 1, 1, { width: 48, height: 40 })].join(''));
    const path = await writePlaneTiff(at('no-level.ome.tif'), [three[0], half], [xml]);
    expect((await read(path)).info.levels).toHaveLength(1);
  });
});

describe('the files of an OME-TIFF set', () => {
  it('should always be those that bear the UUIDs, whatever they are called', async () => {
    const names = ['z0.ome.tif', 'z1.ome.tif', 'z2.ome.tif'];
    const files = await writeSet('swapped', names, [...names].reverse());
    for (const input of [...files, at('swapped')]) {
      expect(await read(input)).toMatchObject({
        seeds: [0, 1, 2],
        info: { format: 'OME-TIFF', planes: { length: 3 } },
      });
    }
  });

  it('should never be one that bears another UUID', async () => {
    const [first] = await writeSet('foreign', ['z0.ome.tif', 'z1.ome.tif', 'z2.ome.tif']);
    await writePlaneTiff(at('foreign', 'z1.ome.tif'), [planeOf(5)], [omeXml(omeImage(), uuidOf(77))]);
    await expect(read(first)).rejects.toMatchObject({
      code: 'contradictory',
      place: { plane: 1 },
      problem: expect.stringMatching(/UUID.*z1\.ome\.tif is not/),
    });
  });

  it.each([
    ['composed accents where the disk has them apart', 'é@.ome.tif'.normalize('NFC'), 'é@.ome.tif'.normalize('NFD')],
    ['character references', '&#233;@.ome.tif', 'é@.ome.tif'],
    ['paths of another machine', 'C:\\run\\z@.ome.tif', 'z@.ome.tif'],
    ['absolute paths', '/data/run 7/z@.ome.tif', 'z@.ome.tif'],
    ['other case', 'Z@.OME.TIF', 'z@.ome.tif'],
    ['folders', 'planes/z@.ome.tif', 'planes/z@.ome.tif'],
    ['folders of Windows', 'planes\\z@.ome.tif', 'planes/z@.ome.tif'],
  ])('should always be found by %s', async (what, said, onDisk) => {
    const numbered = (name: string) => [0, 1, 2].map((z) => name.replace('@', String(z)));
    for (const uuids of [true, false]) {
      const name = `${what} ${uuids}`;
      const files = await writeSet(name, numbered(said), numbered(onDisk), uuids);
      const inFolder = onDisk.includes('/');
      if (inFolder) {
        // Their paths are relative to the file that says so.
        const rules = numbered(said)
          .map((fileName, z) => tiffData(z, fileName))
          .join('');
        await writeFile(at(name, 'set.companion.ome'), omeXml(omeImage({ z: 3, content: rules })));
      }
      for (const input of inFolder ? [at(name, 'set.companion.ome'), at(name)] : [...files, at(name), files]) {
        expect(await read(input)).toMatchObject({ seeds: [0, 1, 2], info: { format: 'OME-TIFF' } });
      }
    }
  });

  it('should never be looked for outside the folder of the metadata', async () => {
    await writePlaneTiff(at('outside', 'z0.tif'), [planeOf(5)], ['no plane of the set']);
    const rules = ['../z0.tif', 'z1.tif', 'z2.tif'].map((fileName, z) => tiffData(z, fileName)).join('');
    const companion = at('outside', 'inside', 's.companion.ome');
    await mkdir(dirname(companion), { recursive: true });
    await writeFile(companion, omeXml(omeImage({ z: 3, content: rules })));
    await expect(read(companion)).rejects.toMatchObject({
      code: 'damaged',
      problem: expect.stringMatching(/lacks.*z0\.tif/),
    });
  });

  it('should always be one file under another name, where all planes are in it', async () => {
    const rules = [0, 1, 2].map(
      (z) => `<TiffData FirstZ="${z}" IFD="${z}"><UUID FileName="before.ome.tif"></UUID></TiffData>`,
    );
    const path = await writePlaneTiff(at('after.ome.tif'), three, [
      omeXml(omeImage({ z: 3, content: rules.join('') })),
    ]);
    expect((await read(path)).seeds).toEqual([0, 1, 2]);
  });

  it('should always be said where more are taken than were given', async () => {
    const files = await writeSet('more', ['z0.ome.tif', 'z1.ome.tif', 'z2.ome.tif']);
    const { info } = await read(files.slice(0, 2));
    expect(info.planes).toHaveLength(3);
    expect(info.notes).toEqual([expect.stringMatching(/3 are taken, 2 were given/)]);
  });
});

describe('OME-TIFF whose metadata is in another file', () => {
  const binaryOnly = (path: string, z: number) =>
    omeXml(`<BinaryOnly MetadataFile="${path}" UUID="${uuidOf(100)}"/>`, uuidOf(z));

  it('should always be read by any of its files where a TIFF of the set has it', async () => {
    const rules = [0, 1, 2].map((z) => tiffData(z, `z${z}.ome.tif`, uuidOf(z))).join('');
    const xml = omeXml(omeImage({ z: 3, content: rules }), uuidOf(0));
    const files = await Promise.all(
      [xml, binaryOnly('z0.ome.tif', 1), binaryOnly('z0.ome.tif', 2)].map((text, z) =>
        writePlaneTiff(at('in-tiff', `z${z}.ome.tif`), [three[z]], [text]),
      ),
    );
    for (const input of [...files, at('in-tiff'), files]) expect((await read(input)).seeds).toEqual([0, 1, 2]);
  });

  it('should always be read where it is one folder up', async () => {
    const rules = [0, 1, 2].map((z) => tiffData(z, `Image/z${z}.ome.tif`, uuidOf(z))).join('');
    const master = await writePlaneTiff(
      at('up', 'master.ome.tif'),
      [planeOf(5)],
      [omeXml(omeImage({ z: 3, content: rules }), uuidOf(100))],
    );
    const files = await Promise.all(
      [0, 1, 2].map((z) =>
        writePlaneTiff(at('up', 'Image', `z${z}.ome.tif`), [three[z]], [binaryOnly('../master.ome.tif', z)]),
      ),
    );
    for (const input of [master, ...files, join(at('up'), 'Image')])
      expect((await read(input)).seeds).toEqual([0, 1, 2]);
  });

  it('should always be found by its UUID where it was renamed', async () => {
    const rules = [0, 1, 2].map((z) => tiffData(z, `z${z}.ome.tif`, uuidOf(z))).join('');
    const files = await Promise.all(
      [0, 1, 2].map((z) =>
        writePlaneTiff(at('renamed', `z${z}.ome.tif`), [three[z]], [binaryOnly('gone.companion.ome', z)]),
      ),
    );
    await writeFile(at('renamed', 'other.companion.ome'), omeXml(omeImage({ z: 3, content: rules }), uuidOf(100)));
    expect((await read(files[1])).seeds).toEqual([0, 1, 2]);
  });

  it('should never be that of a set which the file is no part of', async () => {
    await writeFile(
      join(folder('strange'), 's.companion.ome'),
      omeXml(omeImage({ content: tiffData(0, 'other.tif', uuidOf(8)) })),
    );
    const path = await writePlaneTiff(at('strange', 'a.ome.tif'), [three[0]], [binaryOnly('s.companion.ome', 1)]);
    await expect(read(path)).rejects.toMatchObject({
      code: 'contradictory',
      place: { file: path },
      problem: expect.stringMatching(/does not list/),
    });
  });

  it('should never lead round in a circle', async () => {
    const path = await writePlaneTiff(at('circle', 'a.ome.tif'), [three[0]], [binaryOnly('a.ome.tif', 1)]);
    await expect(read(path)).rejects.toMatchObject({ code: 'contradictory' });
  });
});

describe('what OME-XML says', () => {
  const stack = (name: string, xml: string | Uint8Array, planes = three, more: readonly string[] = []) =>
    writePlaneTiff(at(`${name}.ome.tif`), planes, [xml, ...more]);

  it.each([
    ['um', 1.5],
    ['&#181;m', 1.5],
    ['&#xB5;m', 1.5],
    ['&micro;m', 1.5],
    ['&#956;m', 1.5],
    ['µm', 1.5],
    ['micron', 1.5],
    ['nm', 0.0015],
    ['dm', 150_000],
    ['in', 38_100],
  ])('should always be understood where lengths are in %s', async (unit, step) => {
    const attributes = ['X', 'Y', 'Z']
      .map((axis) => `PhysicalSize${axis}="1.5" PhysicalSize${axis}Unit="${unit}"`)
      .join(' ');
    const { info, zUm } = await read(await stack('unit', omeXml(omeImage({ z: 3, attributes, content: oneChannel }))));
    expect(zUm).toEqual([0, step, 2 * step]);
    expect(info.micronsPerPixel?.x).toBeCloseTo(step, 9);
    expect(info.notes).toEqual([]);
  });

  it('should always be noted where a length is not understood', async () => {
    const attributes =
      'PhysicalSizeZ="1.5" PhysicalSizeZUnit="furlong" PhysicalSizeX="0,25" PhysicalSizeY="0.25" PhysicalSizeYUnit="pixel"';
    const { info, zUm } = await read(
      await stack('furlong', omeXml(omeImage({ z: 3, attributes, content: oneChannel }))),
    );
    expect(zUm).toEqual([undefined, undefined, undefined]);
    expect(info.micronsPerPixel).toBeUndefined();
    expect(info.notes).toEqual([
      expect.stringMatching(/PhysicalSizeX.*"0,25".*no number/),
      expect.stringMatching(/PhysicalSizeZ.*"furlong".*not know/),
    ]);
  });

  it('should always be read in Latin-1 too', async () => {
    const xml = omeXml(
      omeImage({ name: 'Bär', z: 3, attributes: 'PhysicalSizeZ="1.5" PhysicalSizeZUnit="µm"', content: oneChannel }),
    );
    expect(await read(await stack('latin', Buffer.from(xml, 'latin1')))).toMatchObject({
      zUm: [0, 1.5, 3],
      info: { name: 'Bär' },
    });
    const declared = Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-5"?>${omeXml(omeImage({ name: '#', z: 3, content: oneChannel }))}`,
    );
    declared[declared.indexOf('#')] = 0xb1;
    expect((await read(await stack('cyrillic', declared))).info.name).toBe('Б');
  });

  it('should always have its names as people read them', async () => {
    const content = '<Channel ID="Channel:0:0" SamplesPerPixel="1" Name="&#945;-tubulin"/><TiffData/>';
    const path = await stack('greek', omeXml(omeImage({ name: 'B&#228;r', z: 3, content })));
    expect((await read(path)).info).toMatchObject({ name: 'Bär', channelName: 'α-tubulin' });
    expect((await read(path, { channel: 'α-tubulin' })).seeds).toEqual([0, 1, 2]);
  });

  it('should always count where a directory has other descriptions too', async () => {
    const xml = omeXml(omeImage({ z: 3, attributes: 'PhysicalSizeZ="1.5"', content: oneChannel }));
    const imageJ = 'ImageJ=1.48v\nimages=3\nslices=3\nhyperstack=true\n';
    for (const variant of [
      { big: false, bigEndian: false },
      { big: true, bigEndian: true },
    ]) {
      for (const descriptions of [
        [xml, imageJ],
        [imageJ, xml],
      ]) {
        const path = await writePlaneTiff(at('described.ome.tif'), three, descriptions, variant);
        expect(await read(path)).toMatchObject({ seeds: [0, 1, 2], zUm: [0, 1.5, 3], info: { format: 'OME-TIFF' } });
      }
    }
  });

  it('should never take the samples of a pixel for channels, whether or not it names them', async () => {
    const colour = [0, 1, 2].map((seed) => planeOf(seed, true));
    const channels = '<Channel ID="Channel:0:0"/><Channel ID="Channel:0:1"/><Channel ID="Channel:0:2"/><TiffData/>';
    for (const content of ['<TiffData/>', channels, '<Channel ID="Channel:0:0" SamplesPerPixel="3"/>']) {
      const { info, seeds } = await read(await stack('colour', omeXml(omeImage({ z: 3, c: 3, content })), colour));
      expect([seeds, info.encoding.channels, info.notes]).toEqual([[0, 1, 2], 3, []]);
    }
    const promised = omeXml(omeImage({ z: 3, c: 3, content: '<Channel ID="Channel:0:0" SamplesPerPixel="3"/>' }));
    await expect(read(await stack('grey', promised))).rejects.toMatchObject({
      code: 'contradictory',
      problem: expect.stringMatching(/3 samples.*has 1/),
    });
  });

  it('should always be said which of several channels was taken', async () => {
    const content = '<Channel ID="Channel:0:0" Name="DAPI"/><Channel ID="Channel:0:1"/><TiffData/>';
    const path = await stack(
      'channels',
      omeXml(omeImage({ z: 3, c: 2, content })),
      [0, 1, 2, 3, 4, 5].map((seed) => planeOf(seed)),
    );
    expect(await read(path)).toMatchObject({
      seeds: [0, 1, 2],
      info: { notes: [expect.stringMatching(/channel 0 of 2 \(DAPI\)/)] },
    });
    expect(await read(path, { channel: 1 })).toMatchObject({ seeds: [3, 4, 5], info: { notes: [] } });
  });

  it('should always tell of timepoints that may be planes, and take them for planes where that is wanted', async () => {
    const path = await stack('time', omeXml(omeImage({ t: 3, attributes: 'PhysicalSizeZ="2"', content: oneChannel })));
    const { info, seeds } = await read(path);
    expect(seeds).toEqual([0]);
    expect(info.notes).toEqual([expect.stringMatching(/3 timepoints, 1 plane: --timepoint-as-z/)]);
    expect(await read(path, { timepointAsZ: true })).toMatchObject({
      seeds: [0, 1, 2],
      zUm: [0, 2, 4],
      info: { notes: [] },
    });
    const both = await stack(
      'both',
      omeXml(omeImage({ z: 3, t: 2, content: oneChannel })),
      [0, 1, 2, 3, 4, 5].map((seed) => planeOf(seed)),
    );
    expect((await read(both)).info.notes).toEqual([expect.stringMatching(/timepoint 0 of 2/)]);
    await expect(read(both, { timepointAsZ: true })).rejects.toMatchObject({ code: 'usage' });
  });
});
