// Where a file is: a path on this machine, or an http(s) URL.
import { basename, dirname, join, resolve } from 'node:path';

/** Parameters of a query that are known to let nobody in; of all others, whoever has the value might be let in by it. */
const harmlessParameters: ReadonlySet<string> = new Set(
  'quality format page level layer plane channel timeframe timepoint scene z x y w h width height size scale rotation tile region'.split(
    ' ',
  ),
);
/** Values that say how something is to be shown. */
const plainValue = /^[\w.,-]{0,24}$/;

/** Whether a location is a URL. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** Whether a location is on a server, whatever way it is reached. */
export function isDistant(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location);
}

/** A location for messages: a URL without user, password and what of its query is not known to be harmless. */
export function shownLocation(location: string): string {
  if (!looksDistant(location)) return location;
  if (!isUrl(location) || !URL.canParse(location)) return shownUnparsed(location);
  const { protocol, host, pathname, searchParams } = new URL(location);
  const query = [...searchParams].map(([name, value]) => {
    const harmless = harmlessParameters.has(name.toLowerCase()) && plainValue.test(value);
    if (harmless) return value === '' ? name : `${name}=${value}`;
    // A name without a value may be the secret itself.
    return value === '' ? '…' : `${plainValue.test(name) ? name : '…'}=…`;
  });
  return `${protocol}//${host}${pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** Of what is no URL, but was meant for one: nothing before the last @, nothing behind the first question mark. */
function shownUnparsed(location: string): string {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*:[\\/]*)(.*)$/is.exec(location) as RegExpExecArray;
  const at = rest.lastIndexOf('@');
  const named = at < 0 ? rest : `…@${rest.slice(at + 1)}`;
  const query = named.search(/[?#]/);
  return scheme + (query < 0 ? named : `${named.slice(0, query + 1)}…`);
}

/** Whether it begins as URLs do; a single letter before the colon is a drive. */
function looksDistant(location: string): boolean {
  return /^(https?:|[a-z][a-z0-9+.-]+:[\\/]{2})/i.test(location);
}

/** What a URL holds that is for its server alone, as it stands and decoded. */
export function secretsOf(location: string): string[] {
  if (!URL.canParse(location)) return [];
  const { username, password, searchParams } = new URL(location);
  const values = [...searchParams].flatMap(([name, value]) =>
    harmlessParameters.has(name.toLowerCase()) && plainValue.test(value) ? [] : [value || name],
  );
  const user = password === '' ? [] : [password, readable(password), `${readable(username)}:${readable(password)}`];
  return [...user, ...values].filter((value) => value !== '');
}

function readable(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The name of the file, without folders and query. */
export function nameOfLocation(location: string): string {
  if (!isUrl(location)) return basename(location);
  const [path] = location.replace(/^[^/]*\/\/[^/]*/, '').split(/[?#]/, 1);
  const name = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The folder that a file is in. */
export function folderOfLocation(location: string): string {
  if (!isUrl(location)) return dirname(location);
  const [path] = location.split(/[?#]/, 1);
  return path.slice(0, path.lastIndexOf('/'));
}

/** The file of this name in the same folder; a URL keeps its query, which may be what lets one in. */
export function besideLocation(location: string, name: string): string {
  if (!isUrl(location)) return join(dirname(location), name);
  const url = new URL(location);
  url.pathname = `${url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1)}${encodeURIComponent(name)}`;
  return url.href;
}

/** Whether two locations are the same file. */
export function sameLocation(a: string, b: string): boolean {
  if (isUrl(a) !== isUrl(b)) return false;
  return isUrl(a)
    ? URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href
    : resolve(a) === resolve(b);
}
