// Flags that the command line has beside the options of the library.
import type { OptionTable } from '../options/option-table.js';
import type { OpenOptions } from '../slide-source/open-options.js';

export type NetworkFlags = {
  readonly header?: readonly string[] | undefined;
  readonly tokenFor?: readonly string[] | undefined;
  readonly timeout?: number | undefined;
  readonly retryFor?: number | undefined;
};

/** How files are fetched that are given by URL. */
export const networkFlags = {
  header: {
    kind: 'list',
    of: { kind: 'text' },
    unit: 'line',
    text: 'for URLs: send "Name: value" with every request to the server of the slide; may be repeated',
  },
  tokenFor: {
    kind: 'list',
    of: { kind: 'text' },
    unit: 'host',
    text: 'for URLs: send ZFLAT_TOKEN and --header to this server, too; may be repeated',
  },
  timeout: {
    kind: 'number',
    above: 0,
    to: 3600,
    unit: 'seconds',
    default: 30,
    text: 'for URLs: try again after so long without a byte',
  },
  retryFor: {
    kind: 'number',
    from: 0,
    to: 86_400,
    unit: 'seconds',
    default: 600,
    text: 'for URLs: give up once servers that fail have cost so long in all',
  },
} as const satisfies OptionTable<NetworkFlags>;

export type TellingFlags = {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly progress?: boolean | undefined;
};

/** How a command tells what it does. */
export const tellingFlags = {
  json: { kind: 'switch', default: false, text: 'print the report as JSON, and nothing else, on standard output' },
  quiet: { kind: 'switch', default: false, text: 'print errors alone, and the JSON that is asked for' },
  progress: {
    kind: 'switch',
    default: true,
    flag: 'no-progress',
    text: 'no progress line, nor, where there is no terminal, one every ten seconds',
  },
} as const satisfies OptionTable<TellingFlags>;

export const forceFlag = {
  force: { kind: 'switch', default: false, text: 'replace files that exist' },
} as const satisfies OptionTable<{ force: boolean }>;

/** The file that a command writes. */
export function outputFlag(text: string, unit: string, ...endings: string[]) {
  const kind = endings.length > 0 ? ({ kind: 'file', endings } as const) : ({ kind: 'text' } as const);
  return { output: { ...kind, short: 'o', unit, required: true, text } } as const satisfies OptionTable<{
    output: string;
  }>;
}

/** How files are fetched; token and password come from the environment, so that no list of processes shows them. */
export function networkOptionsOf({
  header,
  tokenFor,
  timeout,
  retryFor,
}: NetworkFlags): NonNullable<OpenOptions['network']> {
  const { ZFLAT_TOKEN: token, ZFLAT_PMA_USER: user, ZFLAT_PMA_PASSWORD: password = '' } = process.env;
  return {
    headers: header?.map(headerLine),
    token: token || undefined,
    tokenFor,
    timeoutMs: timeout === undefined ? undefined : 1000 * timeout,
    retryForMs: retryFor === undefined ? undefined : 1000 * retryFor,
    pma: user ? { user, password } : undefined,
  };
}

/** A header line, as its name and value. */
function headerLine(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text.trim(), ''] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
