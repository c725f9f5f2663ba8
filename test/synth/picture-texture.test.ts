import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { cutFragments } from '../../src/synth/picture-fragments.js';
import { readPicture } from '../../src/synth/read-picture.js';
import { glassColour } from '../../src/synth/sensor.js';
import { createSynthSlide } from '../../src/synth/synth-slide.js';
import { valueNoise } from '../../src/synth/value-noise.js';
import { tileSharpness } from './tile-sharpness.js';

vi.setConfig({ testTimeout: 60_000 });

let folder = '';
const inFolder = (name: string) => join(folder, name);

/** Blotches and grain in pink and violet. */
async function paintTissue(name: string, side: number, alpha: number): Promise<string> {
  const data = Buffer.alloc(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const stain = 0.5 + 0.3 * valueNoise(1, x / 20, y / 20) + 0.2 * valueNoise(2, x / 2, y / 2);
    data.set([230 - 90 * stain, 200 - 150 * stain, 220 - 60 * stain, alpha], 4 * i);
  }
  await sharp(data, { raw: { width: side, height: side, channels: 4 } }).toFile(inFolder(name));
  return inFolder(name);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zflat-picture-'));
});

afterAll(() => rm(folder, { recursive: true }));

test('scraps should add up to the picture they were cut from', async () => {
  const side = 420;
  const picture = await readPicture(await paintTissue('whole.png', side, 255), 400, 1000);
  expect(picture).toMatchObject({ width: side, height: side });
  const sum = new Float64Array(side * side);
  const fragments = cutFragments(picture, 7);
  for (const { x, y, sprite } of fragments) {
    const { radius, data } = sprite.image(0);
    expect(radius).toBeLessThanOrEqual(sprite.reach(0));
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const inside = x + dx >= 0 && y + dy >= 0 && x + dx < side && y + dy < side;
        const at = ((dy + radius) * (2 * radius + 1) + dx + radius) * 3 + 1;
        if (inside) sum[(y + dy) * side + x + dx] += data[at] / 2048;
      }
    }
  }
  // nearer to the border than a scrap is wide, some belong to scraps whose centre lies outside
  for (let y = 100; y < side - 100; y += 3) {
    for (let x = 100; x < side - 100; x += 3) {
      expect(Math.abs(sum[y * side + x] - picture.density[(y * side + x) * 3 + 1])).toBeLessThan(0.01);
    }
  }
});

test('a slide should show the colours of the picture, the same ones for the same seed', async () => {
  const textures = [await paintTissue('tissue.png', 512, 255)];
  const options = { terrain: 'flat', width: 512, height: 512, planeCount: 5, noise: 0, textures } as const;
  const slide = await createSynthSlide(options);
  const again = await createSynthSlide(options);
  const tile = slide.renderSharpTile(1, 1);
  expect(Buffer.compare(Buffer.from(tile.data), Buffer.from(again.renderSharpTile(1, 1).data))).toBe(0);
  const mean = [0, 0, 0];
  for (let i = 0; i < tile.data.length; i++) mean[i % 3] += tile.data[i] / 65536;
  // green is what the stain takes most
  expect(mean[1]).toBeLessThan(mean[0] - 20);
  expect(mean[1]).toBeLessThan(mean[2] - 20);
  expect(mean[1]).toBeGreaterThan(60);
  expect(mean[1]).toBeLessThan(200);
  expect(slide.tileTruth(1, 1).plane).toBe(2);
  const sharpness = [2, 3, 4].map((plane) => tileSharpness(slide.renderTile(plane, 1, 1)));
  expect([...sharpness].sort((a, b) => b - a)).toEqual(sharpness);
});

test('a transparent picture should be taken as white: nothing to see', async () => {
  const textures = [await paintTissue('clear.png', 400, 0)];
  const slide = await createSynthSlide({ terrain: 'flat', width: 256, height: 256, noise: 0, textures });
  expect(slide.tileTruth(0, 0)).toEqual({ plane: undefined, tissue: 0 });
});

test('white glass and black in a picture should stay what they are', async () => {
  const [red, green, blue] = glassColour;
  const half = { create: { width: 250, height: 500, channels: 3 as const, background: { r: 0, g: 0, b: 0 } } };
  await sharp({ create: { width: 500, height: 500, channels: 3, background: { r: red, g: green, b: blue } } })
    .composite([{ input: await sharp(half).png().toBuffer(), left: 0, top: 0 }])
    .png()
    .toFile(inFolder('halves.png'));
  const { density } = await readPicture(inFolder('halves.png'), 400, 450);
  expect(density.length).toBe(450 * 450 * 3);
  expect(density[0]).toBeGreaterThan(6);
  expect(density.at(-1)).toBe(0);
  await sharp(inFolder('halves.png')).toColourspace('b-w').jpeg().toFile(inFolder('grey.jpg'));
  const grey = await readPicture(inFolder('grey.jpg'), 400, 450);
  expect(grey.density.length).toBe(450 * 450 * 3);
  expect(grey.density[0]).toBeGreaterThan(4);
  expect(grey.density.at(-1)).toBeLessThan(0.02);
});

test('what is no picture, missing or too small should be refused by name', async () => {
  await writeFile(inFolder('text.png'), 'this is no picture');
  const small = await paintTissue('small.png', 300, 255);
  const create = (file: string) => createSynthSlide({ textures: [file] });
  await expect(create(inFolder('text.png'))).rejects.toMatchObject({
    code: 'unreadable',
    place: { file: inFolder('text.png') },
  });
  await expect(create(inFolder('absent.png'))).rejects.toMatchObject({ code: 'unreadable' });
  await expect(create(small)).rejects.toMatchObject({ code: 'unsupported', place: { file: small } });
  await expect(create(small)).rejects.toThrow('400 x 400 pixels or more, got 300 x 300');
});
