// How a slide is opened.
import type { OpenOptions } from '../slide-source/open-options.js';
import type { OptionTable } from './option-table.js';

/** What `network` has. The command line takes token and password from the environment. */
export const networkOptions = {
  headers: {
    kind: 'list',
    of: { kind: 'list', of: { kind: 'text' }, counts: [2] },
    flag: null,
    text: 'header lines, name and value, sent with every request to the server of the slide',
  },
  token: {
    kind: 'text',
    flag: null,
    text: 'bearer token for the server of the slide; sent over https, and to this machine, alone',
  },
  tokenFor: { kind: 'list', of: { kind: 'text' }, flag: null, text: 'further servers that get token and headers' },
  timeoutMs: {
    kind: 'number',
    above: 0,
    to: 3_600_000,
    unit: 'milliseconds',
    default: 30_000,
    flag: null,
    text: 'a request is tried again after so long without a byte',
  },
  retryWaitMs: {
    kind: 'number',
    from: 0,
    unit: 'milliseconds',
    default: 500,
    flag: null,
    text: 'wait before the second try; each further one is twice as long',
  },
  retryForMs: {
    kind: 'number',
    from: 0,
    unit: 'milliseconds',
    default: 600_000,
    flag: null,
    text: 'what a run may lose to servers that fail, in all',
  },
  pma: { kind: 'object', what: 'a user and a password', flag: null, text: 'who signs in to PMA.core' },
} as const satisfies OptionTable<Omit<NonNullable<OpenOptions['network']>, 'signal'>>;

export const openingOptions = {
  channel: {
    kind: 'index or name',
    unit: 'channel',
    text: 'channel to flatten, by index or name',
    otherwise: '0, or red, green and blue together',
  },
  timepoint: { kind: 'number', whole: true, from: 0, unit: 'n', default: 0, text: 'timepoint to flatten' },
  timepointAsZ: { kind: 'switch', text: 'take the timepoints of a slide of one plane for its focal planes' },
  scene: {
    kind: 'index or name',
    unit: 'scene',
    text: 'region to flatten where a file keeps several apart, by index or name',
    otherwise: 'the first; of images of an OME-TIFF, the stack with the largest planes',
  },
  unrelated: {
    kind: 'switch',
    text: 'take planes in files of their own though they do not look like planes of one field',
  },
  zStepUm: {
    kind: 'number',
    above: 0,
    unit: 'um',
    flag: 'z-step',
    text: 'micrometres between planes, where the slide does not say or is wrong',
  },
  tileSize: {
    kind: 'number',
    whole: true,
    from: 16,
    to: 4096,
    multipleOf: 16,
    unit: 'pixels',
    text: 'side of the tiles laid over planes that have none',
    otherwise: '256, or that of Zarr chunks and JPEG pictures in CZI',
  },
  network: {
    kind: 'object',
    what: 'how files are fetched',
    of: networkOptions,
    flag: null,
    text: 'how files are fetched that are given by URL',
  },
  outputs: {
    kind: 'list',
    of: { kind: 'text' },
    flag: null,
    text: 'files that are to be written: refused where one is a file of the slide',
  },
  signal: {
    kind: 'object',
    what: 'an AbortSignal',
    flag: null,
    text: 'stops the work, which then leaves nothing behind',
  },
} as const satisfies OptionTable<OpenOptions>;
