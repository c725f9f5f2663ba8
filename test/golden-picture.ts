// Pictures as tests: a picture is held against the one that somebody looked at, test/golden/<name>.png.
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

export const goldenFolder = fileURLToPath(new URL('golden', import.meta.url));

/** How far a picture may be from the golden one. */
export type Allowed = {
  /** A pixel differs where red, green or blue do by more than this, of 255. */
  readonly difference: number;
  /** The share of pixels that may differ. */
  readonly share: number;
};

const nothing: Allowed = { difference: 0, share: 0 };

/**
 * Throws where a pixel differs, and leaves the new picture beside the golden one as <name>-changed.png; once they are equal again
 * it is gone. A missing golden picture is written, or, in CI, missed; with GOLDEN=renew all are written anew.
 */
export async function expectGoldenPicture(
  name: string,
  png: Uint8Array,
  folder = goldenFolder,
  allowed: Allowed = nothing,
): Promise<void> {
  const golden = join(folder, `${name}.png`);
  const changed = join(folder, `${name}-changed.png`);
  const isRenewed = process.env.GOLDEN === 'renew';
  if (isRenewed || !existsSync(golden)) {
    if (process.env.CI && !isRenewed) throw new Error(`${golden} is missing: run the tests, look at it, commit it`);
    await writeFile(golden, png);
    return;
  }
  const difference = await comparePictures(await readFile(golden), png, allowed);
  if (difference === undefined) {
    await rm(changed, { force: true });
    return;
  }
  await writeFile(changed, png);
  throw new Error(`${difference}: look at ${changed}; where it is right, let it take the place of ${golden}`);
}

/** What differs between the pixels of two pictures; undefined where nothing does. */
async function comparePictures(
  golden: Uint8Array,
  png: Uint8Array,
  { difference, share }: Allowed,
): Promise<string | undefined> {
  const [a, b] = await Promise.all([golden, png].map((picture) => decodePicture(picture)));
  if (a.width !== b.width || a.height !== b.height) {
    return `expected ${a.width} x ${a.height} pixels, got ${b.width} x ${b.height}`;
  }
  let differing = 0;
  for (let i = 0; i < a.data.length; i += 3) {
    if ([0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > difference)) differing++;
  }
  return differing <= share * a.width * a.height ? undefined : `${differing} pixels differ`;
}

export type DecodedPicture = { readonly width: number; readonly height: number; readonly data: Buffer };

/** The pixels of a picture: red, green, blue; rows from the top. */
export async function decodePicture(png: Uint8Array): Promise<DecodedPicture> {
  const { data, info } = await sharp(png)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`expected 3 channels, got ${info.channels}`);
  return { width: info.width, height: info.height, data };
}
