// Name and version, as results carry them.
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('zflat/package.json') as { version: string };

export const software = `zflat ${version}`;
