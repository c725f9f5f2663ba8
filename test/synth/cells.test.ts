import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { cellTexture } from '../../src/synth/cell-texture.js';
import { drawGlandCell, drawGlandSheet } from '../../src/synth/cells/gland-cells.js';
import { drawDebris, drawDust, drawFilm, drawWhiteBloodCell } from '../../src/synth/cells/small-things.js';
import { drawSquamousCell } from '../../src/synth/cells/squamous-cell.js';
import type { DensityImage } from '../../src/synth/density-image.js';
import { dustTexture, glassSheet } from '../../src/synth/glass-dust.js';
import type { ParticleList } from '../../src/synth/particle-list.js';
import { randomSequence } from '../../src/synth/seeded-hash.js';

vi.setConfig({ testTimeout: 60_000 });

function bytes({ data }: DensityImage): Uint8Array {
  return new Uint8Array(data.buffer);
}

const drawings = [
  drawSquamousCell,
  drawGlandCell,
  drawGlandSheet,
  drawWhiteBloodCell,
  drawDebris,
  drawDust,
  drawFilm,
] as const;

describe.each(drawings.map((draw) => [draw.name, draw] as const))('%s', (_, draw) => {
  test('should be the same for the same seed, show something, and never be cut at its border', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { radius, data } = draw(randomSequence(seed));
        expect(Buffer.compare(bytes(draw(randomSequence(seed))), bytes({ radius, data }))).toBe(0);
        const side = 2 * radius + 1;
        expect(data.length).toBe(side * side * 3);
        expect(Math.max(...data.filter((_, i) => i % 3 === 1))).toBeGreaterThan(0.005);
        for (let i = 0; i < side; i++) {
          for (const pixel of [i, i + side * (side - 1), i * side, i * side + side - 1]) {
            expect(data[pixel * 3] + data[pixel * 3 + 1] + data[pixel * 3 + 2]).toBe(0);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

test('no sprite should reach farther than its texture says', () => {
  for (const texture of [cellTexture, dustTexture]) {
    const particles: ParticleList = [];
    texture.place(glassSheet(4, 5), { x: -1500, y: -1500, width: 3000, height: 3000 }, particles);
    const sprites = new Set(particles.map(({ sprite }) => sprite));
    expect(sprites.size).toBeGreaterThan(15);
    for (const sprite of sprites) {
      expect(sprite.image(0).radius).toBeLessThanOrEqual(sprite.reach(0));
      expect(sprite.reach(0)).toBeLessThanOrEqual(texture.reach);
    }
  }
});

test('a texture should place the same particles whatever rectangle is asked for', () => {
  const sheet = glassSheet(9, 5);
  const place = (x: number, y: number, width: number, height: number) => {
    const particles: ParticleList = [];
    cellTexture.place(sheet, { x, y, width, height }, particles);
    return particles.map((particle) => `${particle.x} ${particle.y} ${particle.height}`).sort();
  };
  fc.assert(
    fc.property(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: 1, max: 399 }), (corner, cut) => {
      const whole = place(corner, -corner, 400, 400);
      const halves = [...place(corner, -corner, cut, 400), ...place(corner + cut, -corner, 400 - cut, 400)];
      expect(halves.sort()).toEqual(whole);
    }),
  );
});
