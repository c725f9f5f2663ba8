import { defineConfig } from 'vitest/config';

// Machines are shared and noisy: a test fails by what it finds, not by how long it takes.
export default defineConfig({
  test: { setupFiles: ['test/setup.ts'], testTimeout: 60_000, hookTimeout: 120_000 },
});
