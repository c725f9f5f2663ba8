import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { peakMemory } from '../../src/system/peak-memory.js';

describe('peakMemory', () => {
  it('should be at least what is held now, and never fall', () => {
    const before = peakMemory();
    expect(before).toBeGreaterThan(20e6);
    const held = Buffer.alloc(200e6, 1);
    expect(peakMemory()).toBeGreaterThan(held.length);
    expect(peakMemory()).toBeGreaterThanOrEqual(before);
  });

  it.runIf(process.platform === 'linux')('should never count what the process that started this one holds', () => {
    const held = Buffer.alloc(400e6, 1);
    const script = `import(${JSON.stringify(fileURLToPath(new URL('../../src/system/peak-memory.ts', import.meta.url)))})
      .then(({ peakMemory }) => console.log(peakMemory()))`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '-e', script], { encoding: 'utf8' });
    expect(Number(stdout)).toBeGreaterThan(20e6);
    expect(Number(stdout)).toBeLessThan(held.length);
  });
});
