// Where a slide of a Pathomation server is: pma://server[:port]/path, the server being PMA.core, or PMA.start on this machine.
//
//   pma://slides.example.org/Lab/smear.ndpi              over https
//   pma://slides.example.org/core//Lab/smear.ndpi        a server that answers below /core/: two slashes end its own part
//   pma://localhost/C:/slides/smear.ndpi                 PMA.start, over http and its own port
//   pma+http://10.0.0.7:8080/Lab/smear.ndpi              over http, without a password
//   …?format=png, …?quality=75                           how the server makes its tiles
import { SlideError } from '../../errors.js';

export type PmaLocation = {
  /** Where its API begins, with a slash at its end. */
  readonly server: string;
  /** The slide's own path there, without a slash at its beginning. */
  readonly path: string;
  readonly format: 'jpg' | 'png';
  /** Of JPEG tiles, 0 to 100. */
  readonly quality: number;
  /** For messages and reports. */
  readonly shown: string;
  /** The server is this machine. */
  readonly local: boolean;
  /** A password may be sent there. */
  readonly safe: boolean;
};

/** The port that PMA.start listens on. */
const pmaStartPort = '54001';
/** Tiles are made anew from those that the scanner wrote: little should be lost on the way, and bytes still saved. */
const defaultQuality = 90;

/** Whether a location is of this kind. */
export function isPma(location: string): boolean {
  return /^pma(\+https?)?:\/\//i.test(location);
}

/** Reads a location; `usage` where it can't be one. */
export function parsePma(location: string): PmaLocation {
  const [, scheme = '', rest = ''] = /^pma(?:\+(https?))?:\/\/(.*)$/is.exec(location) ?? [];
  const shown = location.replace(/^([^/]*\/\/)[^/]*@/, '$1').replace(/[?#].*$/s, '');
  const refuse = (problem: string, hint = 'write it as pma://server/path') =>
    new SlideError('usage', problem, { file: shown, hint });
  if (!URL.canParse(`https://${rest}`)) throw refuse('names no server');
  const { host, hostname, port, pathname, searchParams, username, password, hash } = new URL(`https://${rest}`);
  if (username || password) {
    throw refuse('has a user in it', 'leave it out, and set ZFLAT_PMA_USER and ZFLAT_PMA_PASSWORD');
  }
  if (hash) throw refuse('has a # in it', 'write %23 for a # in a name');
  const { format, quality } = renderingOf(searchParams, refuse);
  const two = pathname.indexOf('//', 1);
  const base = two < 0 ? '/' : pathname.slice(0, two + 1);
  const path = unescaped(pathname.slice(two < 0 ? 1 : two + 2));
  if (!path) throw refuse('names no slide', 'write it as pma://server/path, and %25 for a % in a name');
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  const protocol = scheme.toLowerCase() || (local ? 'http' : 'https');
  const withPort = local && !port && protocol === 'http' && !scheme ? `${host}:${pmaStartPort}` : host;
  const safe = local || protocol === 'https';
  return { server: `${protocol}://${withPort}${base}`, path, format, quality, shown, local, safe };
}

function renderingOf(parameters: URLSearchParams, refuse: (problem: string, hint: string) => SlideError) {
  const hint = 'it may end in ?format=png, or in ?quality=75';
  for (const name of parameters.keys())
    if (name !== 'format' && name !== 'quality') throw refuse(`has a parameter "${name}"`, hint);
  const format = parameters.get('format') ?? 'jpg';
  const quality = Number(parameters.get('quality') ?? defaultQuality);
  if (format !== 'jpg' && format !== 'png') throw refuse(`expected the format jpg or png, got ${format}`, hint);
  if (!Number.isInteger(quality) || quality < 0 || quality > 100) {
    throw refuse(`expected a quality of 0 to 100, got ${parameters.get('quality')}`, hint);
  }
  return { format, quality } as const;
}

/** Undefined where it is no text that was escaped for a URL. */
function unescaped(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
