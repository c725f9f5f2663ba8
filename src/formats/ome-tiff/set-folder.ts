// Where the files of an OME-TIFF set lie: found by the paths that its metadata gives them, or by the UUIDs that they bear.
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { isUrl } from '../../bytes/location.js';
import { isSlideError } from '../../errors.js';
import { decodeText } from '../../tiff/decode-text.js';
import { sameUuid, uuidOfXml } from '../../tiff/ome-uuid.js';
import { openTiffFile } from './open-tiff-file.js';

const tiffName = /\.(tiff?|tf[28]|btf)$/i;
const xmlName = /\.(ome|ome\.xml|xml)$/i;

/** Bytes of an XML file that its root element is in. */
const rootBytes = 1 << 16;

/** The folder of one file of a set, and those below it. */
export class SetFolder {
  readonly #location: string;
  readonly #access: ByteAccess;
  readonly #uuids = new Map<string, string | undefined>();

  /** `location` is the file that paths are relative to. */
  constructor(location: string, access: ByteAccess) {
    this.#location = location;
    this.#access = access;
  }

  /** The file that a path of the metadata means, in this folder or below it; undefined where there is none. */
  async find(path: string): Promise<string | undefined> {
    const candidates = pathsIn(path);
    for (const [i, segments] of candidates.entries()) {
      const found = isUrl(this.#location)
        ? await this.#served(segments, i === candidates.length - 1)
        : await onDisk(dirname(this.#location), segments);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The file that bears a UUID: in this folder, or in that of `beside`; undefined where none does, or the files are on a server. */
  async bearing(uuid: string, beside?: string): Promise<string | undefined> {
    if (isUrl(this.#location)) return undefined;
    const folders = new Set([dirname(this.#location), ...(beside === undefined ? [] : [dirname(beside)])]);
    for (const folder of folders) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter(isVisible).sort()) {
        const file = join(folder, name);
        if (sameUuid(await this.#uuidOf(file), uuid)) return file;
      }
    }
    return undefined;
  }

  async #uuidOf(file: string): Promise<string | undefined> {
    if (!this.#uuids.has(file)) this.#uuids.set(file, await readUuid(file, this.#access));
    return this.#uuids.get(file);
  }

  /** A server is asked for the file itself: it lists none. Whoever opens the last candidate learns what the server says. */
  async #served(segments: readonly string[], isLast: boolean): Promise<string | undefined> {
    const url = new URL(this.#location);
    const folder = url.pathname.slice(0, url.pathname.lastIndexOf('/') + 1);
    url.pathname = folder + segments.map(encodeURIComponent).join('/');
    if (isLast) return url.href;
    try {
      await this.#access.open(url.href);
      return url.href;
    } catch (error) {
      if (isSlideError(error, 'unreadable')) return undefined;
      throw error;
    }
  }
}

/** The file with the metadata that a file of a set points at: farther up, or beside it, by its path or its UUID. */
export async function findMetadata(
  location: string,
  path: string,
  uuid: string | undefined,
  access: ByteAccess,
): Promise<string | undefined> {
  const folder = new SetFolder(location, access);
  return (await above(location, path)) ?? (await folder.find(path)) ?? (uuid ? folder.bearing(uuid) : undefined);
}

/** A path that leads up from a file to a folder that holds it. */
async function above(location: string, path: string): Promise<string | undefined> {
  const segments = path.replaceAll('\\', '/').split('/');
  const up = segments.filter((segment) => segment === '..').length;
  if (up === 0 || segments.slice(0, up).some((segment) => segment !== '..') || segments.length !== up + 1)
    return undefined;
  if (isUrl(location)) {
    const url = new URL(segments.join('/'), location);
    url.search = new URL(location).search;
    return url.href;
  }
  return onDisk(join(dirname(location), ...segments.slice(0, up)), segments.slice(up));
}

/** What a path can mean below a folder, the likeliest first: all of it, or, as it may be of another machine, its end. */
function pathsIn(path: string): string[][] {
  const written = path
    .replaceAll('\\', '/')
    .replace(/^file:\/+/i, '/')
    .replace(/^[a-z]:/i, '');
  const segments = written.split('/').filter((segment) => segment !== '' && segment !== '.');
  const inside = segments.slice(segments.lastIndexOf('..') + 1);
  const ends = inside.map((_, from) => inside.slice(from));
  // A name may have a backslash where that is no separator.
  return path.includes('\\') && !path.includes('/') ? [[path], ...ends] : ends;
}

/** The file below a folder whose name is that of each segment: as written, or but for how accents are composed, or but for case. */
async function onDisk(folder: string, segments: readonly string[]): Promise<string | undefined> {
  let at = folder;
  for (const segment of segments) {
    const names = await readdir(at).catch(() => []);
    const plain = (name: string) => name.normalize('NFC');
    const folded = (name: string) => plain(name).toLowerCase();
    const alike = names.filter((name) => folded(name) === folded(segment));
    const found =
      names.find((name) => name === segment) ??
      names.find((name) => plain(name) === plain(segment)) ??
      (alike.length === 1 ? alike[0] : undefined);
    if (found === undefined) return undefined;
    at = join(at, found);
  }
  // Nothing above leads out of the folder but a name such as "..", which no folder lists.
  return relative(folder, at).startsWith(`..${sep}`) ? undefined : at;
}

/** What macOS leaves beside files, and what is hidden, is no file of a set. */
function isVisible(name: string): boolean {
  return !name.startsWith('.');
}

/** The UUID that a file bears, in its OME-XML; undefined where it has none, or can't be read. */
async function readUuid(file: string, access: ByteAccess): Promise<string | undefined> {
  if (tiffName.test(file)) {
    const tiff = await openTiffFile(file, access).catch(() => undefined);
    await tiff?.reader.close();
    return uuidOfXml(tiff?.directories[0].description);
  }
  if (!xmlName.test(file)) return undefined;
  const reader = await access.open(file).catch(() => undefined);
  if (!reader) return undefined;
  try {
    return uuidOfXml(decodeText(await reader.read(0, Math.min(reader.size, rootBytes))));
  } finally {
    await reader.close();
  }
}
