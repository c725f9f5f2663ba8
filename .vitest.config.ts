import { defineConfig } from 'vitest/config';

const services = (name: string, ...more: string[]) => ({
  extends: true as const,
  test: { name, include: [`test/services/${name}/**/*.test.ts`, ...more] },
});

// Machines are shared and noisy: a test fails by what it finds, not by how long it takes.
export default defineConfig({
  test: {
    setupFiles: ['test/setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: ['test/services/**'],
          // What is installed must not matter.
          env: { ZFLAT_PROGRAMS: 'none' },
        },
      },
      services('http'),
      services('readers'),
      // The laws of JPEG, over streams that only cjpeg writes.
      services('encoders', 'test/jpeg/**/*.test.ts'),
      services('browser'),
      services('terminal'),
    ],
  },
});
