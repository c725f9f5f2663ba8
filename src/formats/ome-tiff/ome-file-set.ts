// The files of an OME-TIFF set: metadata followed to where it is, files found by name, or by UUID where they were renamed.
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { besideLocation, isUrl, nameOfLocation } from '../../bytes/location.js';
import { isSlideError, SlideError } from '../../errors.js';
import type { PlaneLocation } from '../../tiff/ome-planes.js';
import { looksLikeOmeXml, type OmeDocument, parseOmeXml } from '../../tiff/ome-xml.js';
import { openTiff, type TiffFile } from '../../tiff/tiff-file.js';
import { looksLikeTiff } from '../../tiff/tiff-magic.js';

/** The OME-XML that describes a slide, and the file it was found in: its name, and where it is. */
export type OmeMetadata = { readonly document: OmeDocument; readonly file: string; readonly location: string };

/** The metadata of a TIFF, followed to the companion that holds it; undefined where it has none. */
export async function omeMetadata(tiff: TiffFile, access: ByteAccess): Promise<OmeMetadata | undefined> {
  const [{ description, file }] = tiff.directories;
  if (!looksLikeOmeXml(description)) return undefined;
  const document = parseOmeXml(description, file);
  const { location } = tiff.reader;
  return document.metadataFile === undefined
    ? { document, file, location }
    : readCompanion(besideLocation(location, basename(document.metadataFile)), access);
}

/** The metadata in a companion file (`….companion.ome`), which is XML and no more. */
export async function readCompanion(location: string, access: ByteAccess): Promise<OmeMetadata> {
  const reader = await access.open(location).catch((cause) => {
    if (!isSlideError(cause, 'unreadable')) throw cause;
    const problem = `the file with the metadata of the set can't be read: ${cause.problem}`;
    const hint = 'put it beside the other files of the set, or give the files one by one, a plane each';
    throw new SlideError('unreadable', problem, { file: cause.place.file, cause, hint });
  });
  try {
    const { name: file, size } = reader;
    if (size > longestCompanion) throw new SlideError('damaged', `has ${size} bytes, too many for metadata`, { file });
    const xml = Buffer.from(await reader.read(0, size)).toString('utf8');
    return { document: parseOmeXml(xml, file), file, location };
  } finally {
    await reader.close();
  }
}

/** Bytes of a companion at most: a million planes take a few hundred MB. */
const longestCompanion = 2 ** 29 - 1;

/** The files of one set, opened when first asked for. */
export class OmeFileSet {
  readonly #metadata: OmeMetadata;
  readonly #access: ByteAccess;
  readonly #files = new Map<string, TiffFile>();

  /** `opened` are files of the set that are open already; the set closes them with the others. */
  constructor(metadata: OmeMetadata, access: ByteAccess, opened: readonly TiffFile[] = []) {
    this.#metadata = metadata;
    this.#access = access;
    for (const tiff of opened) this.#files.set(nameOfLocation(tiff.reader.location), tiff);
  }

  /** Paths of the files opened so far. */
  get paths(): string[] {
    return [...this.#files.values()].map(({ reader }) => reader.name);
  }

  /** The file that a plane is in; `damaged` where it is missing from the set. */
  async open({ fileName, uuid }: PlaneLocation, plane: number): Promise<TiffFile> {
    const { file, location, document } = this.#metadata;
    const own = fileName === undefined || (uuid !== undefined && uuid === document.uuid);
    const name = own ? nameOfLocation(location) : basename(fileName);
    const known = this.#files.get(name);
    if (known) return known;
    const path = isUrl(location)
      ? besideLocation(location, name)
      : ((await this.#find(name)) ?? (await this.#findRenamed(uuid)));
    if (!path) {
      const hint = `put ${name} beside it`;
      throw new SlideError('damaged', `the set lacks the file of this plane, ${name}`, { file, plane, hint });
    }
    const tiff = await openTiffFile(path, this.#access);
    this.#files.set(name, tiff);
    return tiff;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map(({ reader }) => reader.close()));
  }

  async #find(name: string): Promise<string | undefined> {
    const directory = dirname(this.#metadata.location);
    return (await readdir(directory)).includes(name) ? join(directory, name) : undefined;
  }

  /** A file of the same directory whose own OME-XML bears the UUID. */
  async #findRenamed(uuid: string | undefined): Promise<string | undefined> {
    if (uuid === undefined) return undefined;
    const directory = dirname(this.#metadata.location);
    const candidates = (await readdir(directory)).filter((name) => /\.(tiff?|tf[28]|btf)$/i.test(name));
    for (const name of candidates.sort()) {
      const tiff = await openTiffFile(join(directory, name), this.#access).catch(() => undefined);
      const description = tiff?.directories[0].description;
      await tiff?.reader.close();
      if (description?.includes(uuid)) {
        const { uuid: own } = parseOmeXml(description, name);
        if (own === uuid) return join(directory, name);
      }
    }
    return undefined;
  }
}

/** Opens a TIFF; closes the file again where it is none. */
export async function openTiffFile(location: string, access: ByteAccess): Promise<TiffFile> {
  const reader = await access.open(location);
  try {
    const head = await reader.read(0, Math.min(reader.size, 8));
    if (!looksLikeTiff(head)) throw new SlideError('damaged', 'is no TIFF file', { file: reader.name });
    return await openTiff(reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
}
