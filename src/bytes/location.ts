// Where a file is: a path on this machine, or an http(s) URL.
import { basename, dirname, join, resolve } from 'node:path';

/** Parameters of a query that let whoever has them in: signed links carry them. */
const secretParameter = /sig|token|key|cred|auth|pass|secret|session/i;

/** Whether a location is a URL. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/** Whether a location is on a server, whatever way it is reached. */
export function isDistant(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(location);
}

/** A location for messages: a URL without user, password and the secrets of its query. */
export function shownLocation(location: string): string {
  if (!isUrl(location) || !URL.canParse(location)) return location;
  const { protocol, host, pathname, searchParams } = new URL(location);
  const query = [...searchParams].map(([name, value]) =>
    secretParameter.test(name) ? `${name}=…` : value === '' ? name : `${name}=${value}`,
  );
  return `${protocol}//${host}${pathname}${query.length > 0 ? `?${query.join('&')}` : ''}`;
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
