import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectGoldenPicture } from './golden-picture.js';

let folder: string;
beforeEach(async () => {
  vi.stubEnv('CI', '');
  vi.stubEnv('GOLDEN', '');
  folder = await mkdtemp(join(tmpdir(), 'zflat-golden-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const picture = (blue: number, compressionLevel = 6, width = 5) =>
  sharp({ create: { width, height: 4, channels: 3, background: { r: 9, g: 9, b: blue } } })
    .png({ compressionLevel })
    .toBuffer();

describe('expectGoldenPicture', () => {
  it('should write a missing picture, but never in CI', async () => {
    vi.stubEnv('CI', 'true');
    await expect(expectGoldenPicture('a', await picture(1), folder)).rejects.toThrow(/missing/);
    vi.stubEnv('CI', '');
    await expectGoldenPicture('a', await picture(1), folder);
    expect(await readFile(join(folder, 'a.png'))).toEqual(await picture(1));
  });

  it('should compare pixels, not bytes', async () => {
    await expectGoldenPicture('a', await picture(1), folder);
    await expectGoldenPicture('a', await picture(1, 0), folder);
    await expect(expectGoldenPicture('a', await picture(2), folder)).rejects.toThrow('20 pixels differ');
    await expect(expectGoldenPicture('a', await picture(1, 6, 6), folder)).rejects.toThrow(
      'expected 5 x 4 pixels, got 6 x 4',
    );
  });

  it('should only let pass what is allowed, in how far pixels differ and in how many', async () => {
    await expectGoldenPicture('a', await picture(10), folder);
    const changed = await picture(13);
    await expectGoldenPicture('a', changed, folder, { difference: 3, share: 0 });
    await expectGoldenPicture('a', changed, folder, { difference: 2, share: 1 });
    await expect(expectGoldenPicture('a', changed, folder, { difference: 2, share: 0.9 })).rejects.toThrow('20 pixels');
  });

  it('should write all anew where it is told to', async () => {
    await expectGoldenPicture('a', await picture(1), folder);
    vi.stubEnv('GOLDEN', 'renew');
    await expectGoldenPicture('a', await picture(2), folder);
    expect(await readFile(join(folder, 'a.png'))).toEqual(await picture(2));
  });

  it('should leave the changed picture until it is as before', async () => {
    const changed = join(folder, 'a-changed.png');
    await expectGoldenPicture('a', await picture(1), folder);
    await expect(expectGoldenPicture('a', await picture(2), folder)).rejects.toThrow();
    expect(await readFile(changed)).toEqual(await picture(2));
    await expectGoldenPicture('a', await picture(1), folder);
    expect(existsSync(changed)).toBe(false);
  });
});
