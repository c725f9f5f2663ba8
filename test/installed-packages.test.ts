// What an installation brings along: no package may run a program of its own while it is installed unless that was looked at.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Locked = { readonly dev?: boolean; readonly devOptional?: boolean; readonly hasInstallScript?: boolean };

const text = (name: string) => readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked> };

/** Packages in production that run something when they are installed, and what it is. */
const lookedAt: Readonly<Record<string, string>> = {
  'node_modules/@julusian/jpeg-turbo':
    'looks for its prebuilt binary, and builds one where there is none for the platform',
};

describe('packages of an installation', () => {
  it('should never run a program when they are installed, but for those that were looked at', () => {
    const production = Object.entries(packages).filter(
      ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
    );
    expect(production.length).toBeGreaterThan(20);
    const running = production.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
    expect(running.sort()).toEqual(Object.keys(lookedAt).sort());
  });

  it('should always be listed by a script of npm', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    expect(scripts.sbom).toMatch(/^npm sbom .*--omit=dev/);
  });
});
