// The files of an OME-TIFF set: metadata followed to where it is, planes found in the files that bear them.
import { resolve } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { besideLocation, isUrl, nameOfLocation } from '../../bytes/location.js';
import { isSlideError, SlideError } from '../../errors.js';
import { maxXmlLength } from '../../system/xml-parser.js';
import { decodeText } from '../../tiff/decode-text.js';
import { looksLikeOmeXml } from '../../tiff/descriptions.js';
import type { PlaneLocation } from '../../tiff/ome-planes.js';
import { sameUuid, uuidOfXml } from '../../tiff/ome-uuid.js';
import { type OmeDocument, type OmePixels, parseOmeXml } from '../../tiff/ome-xml.js';
import { openTiff, type TiffFile } from '../../tiff/tiff-file.js';
import { looksLikeTiff } from '../../tiff/tiff-magic.js';
import { openTiffFile } from './open-tiff-file.js';
import { findMetadata, SetFolder } from './set-folder.js';

/** The OME-XML that describes a slide, and the file it was found in: its name, and where it is. */
export type OmeMetadata = { readonly document: OmeDocument; readonly file: string; readonly location: string };

/** The metadata of a TIFF, followed to the file that holds it; undefined where it has none. */
export async function omeMetadata(tiff: TiffFile, access: ByteAccess): Promise<OmeMetadata | undefined> {
  const [{ description, file }] = tiff.directories;
  if (!looksLikeOmeXml(description)) return undefined;
  const document = parseOmeXml(description, file);
  const { location } = tiff.reader;
  const { metadataFile: named, metadataUuid: uuid } = document;
  if (named === undefined) return { document, file, location };
  const found = (await findMetadata(location, named, uuid, access)) ?? besideLocation(location, nameIn(named));
  const metadata = await readMetadata(found, access);
  const set = new OmeFileSet(metadata, access);
  if (await set.lists(location, tiff)) return metadata;
  const hint = `put the metadata of its own set beside it, or open ${nameIn(named)}`;
  throw new SlideError('contradictory', `points at ${nameIn(named)} for its metadata, which does not list it`, {
    file,
    hint,
  });
}

/** The metadata in a file that others point at: XML and no more (`….companion.ome`), or a TIFF of the set. */
export async function readMetadata(location: string, access: ByteAccess): Promise<OmeMetadata> {
  const reader = await access.open(location).catch((cause) => {
    if (!isSlideError(cause, 'unreadable')) throw cause;
    const problem = `the file with the metadata of the set can't be read: ${cause.problem}`;
    const hint = 'put it beside the other files of the set, or give the files one by one, a plane each';
    throw new SlideError('unreadable', problem, { file: cause.place.file, cause, hint });
  });
  try {
    const { name: file, size } = reader;
    const isTiff = looksLikeTiff(await reader.read(0, Math.min(size, 8)));
    if (!isTiff && size > longestCompanion) {
      throw new SlideError('damaged', `has ${size} bytes, too many for metadata`, { file });
    }
    const xml = isTiff
      ? ((await openTiff(reader)).directories[0].description ?? '')
      : decodeText(await reader.read(0, size));
    const document = parseOmeXml(xml, file);
    if (document.metadataFile === undefined) return { document, file, location };
    const hint = 'the set is incomplete, or its metadata wrong';
    throw new SlideError(
      'contradictory',
      `should have the metadata of the set, and points at ${document.metadataFile}`,
      {
        file,
        hint,
      },
    );
  } finally {
    await reader.close();
  }
}

/** Bytes of a companion at most. */
const longestCompanion = maxXmlLength;

/** The files of one set, opened when first asked for. */
export class OmeFileSet {
  readonly #metadata: OmeMetadata;
  readonly #access: ByteAccess;
  readonly #folder: SetFolder;
  /** By path or URL. */
  readonly #files = new Map<string, TiffFile>();
  /** Where each file name and UUID of the metadata led. */
  readonly #found = new Map<string, TiffFile>();

  /** `opened` are files of the set that are open already; the set closes them with the others. */
  constructor(metadata: OmeMetadata, access: ByteAccess, opened: readonly TiffFile[] = []) {
    this.#metadata = metadata;
    this.#access = access;
    this.#folder = new SetFolder(metadata.location, access);
    for (const tiff of opened) this.#files.set(keyOf(tiff.reader.location), tiff);
  }

  /** Paths of the files opened so far. */
  get paths(): string[] {
    return [...this.#files.values()].map(({ reader }) => reader.name);
  }

  /** Paths of the files that the metadata names and nobody has opened; those on a server are left out. */
  async unopened(): Promise<string[]> {
    const { document, location } = this.#metadata;
    if (isUrl(location)) return [];
    const names = document.images.flatMap(({ pixels }) => pixels.tiffData.map(({ fileName }) => fileName));
    const found: string[] = [];
    for (const name of new Set(names)) {
      const path = name === undefined ? undefined : await this.#folder.find(name);
      if (path !== undefined && !this.#files.has(keyOf(path))) found.push(path);
    }
    return found;
  }

  /** The file that a plane is in; `damaged` where it is missing from the set. */
  async open(at: PlaneLocation, plane: number): Promise<TiffFile> {
    const key = `${at.fileName}\n${at.uuid}`;
    const tiff = this.#found.get(key) ?? (await this.#find(at, plane));
    this.#found.set(key, tiff);
    return tiff;
  }

  /** Whether the metadata has planes in a file, by its path or by the UUID that it bears. */
  async lists(location: string, tiff?: TiffFile): Promise<boolean> {
    const { document, location: metadataAt } = this.#metadata;
    if (keyOf(location) === keyOf(metadataAt)) return true;
    const named = new Map<string, string | undefined>();
    for (const { pixels } of document.images) {
      for (const { fileName, uuid } of pixels.tiffData) if (fileName !== undefined) named.set(fileName, uuid);
    }
    const name = nameOfLocation(location).normalize('NFC').toLowerCase();
    for (const fileName of named.keys()) {
      if (nameIn(fileName).normalize('NFC').toLowerCase() !== name) continue;
      const found = await this.#folder.find(fileName);
      if (found !== undefined && keyOf(found) === keyOf(location)) return true;
    }
    const uuids = document.images.flatMap(({ pixels }) => pixels.tiffData.map(({ uuid }) => uuid));
    if (uuids.every((uuid) => uuid === undefined)) return false;
    const own = uuidOfXml((tiff ?? (await this.#look(location)))?.directories[0].description);
    return uuids.some((uuid) => sameUuid(uuid, own));
  }

  /** Whether an image has planes in a file, by its name or the UUID that it bears. */
  hasPlanes({ tiffData }: OmePixels, { reader, directories }: TiffFile): boolean {
    const name = nameOfLocation(reader.location).normalize('NFC').toLowerCase();
    const own = uuidOfXml(directories[0].description);
    const isMetadata = keyOf(reader.location) === keyOf(this.#metadata.location);
    return tiffData.some(({ fileName, uuid }) => {
      if (fileName === undefined && uuid === undefined) return isMetadata;
      if (uuid !== undefined && own !== undefined) return sameUuid(uuid, own);
      return fileName !== undefined && nameIn(fileName).normalize('NFC').toLowerCase() === name;
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map(({ reader }) => reader.close()));
  }

  async #find({ fileName, uuid }: PlaneLocation, plane: number): Promise<TiffFile> {
    const { file, location, document } = this.#metadata;
    if ((fileName === undefined && uuid === undefined) || sameUuid(uuid, document.uuid)) return this.#openAt(location);
    const named = fileName === undefined ? undefined : await this.#folder.find(fileName);
    const tiff = named === undefined ? undefined : await this.#openAt(named);
    const bears = uuidOfXml(tiff?.directories[0].description);
    // A file that bears no UUID, or where the metadata asks for none, is known by its name.
    if (tiff && (uuid === undefined || bears === undefined || sameUuid(uuid, bears))) return tiff;
    const renamed = uuid === undefined ? undefined : await this.#folder.bearing(uuid, named);
    if (renamed !== undefined) return this.#openAt(renamed);
    if (!tiff && this.#isRenamed()) return this.#openAt(location);
    if (tiff) {
      const problem = `the metadata has this plane in the file with UUID ${uuid}, which ${nameIn(fileName as string)} is not`;
      const hint = 'files of several sets are mixed up: put those of this set beside it';
      throw new SlideError('contradictory', problem, { file, plane, hint });
    }
    const missing = fileName ?? `the one with UUID ${uuid}`;
    throw new SlideError('damaged', `the set lacks the file of this plane, ${missing}`, {
      file,
      plane,
      hint: fileName === undefined ? 'the set is incomplete' : `put ${nameIn(fileName)} beside it`,
    });
  }

  /** Whether all planes are in one file, which bears no UUID and has another name now: it is the one with the metadata. */
  #isRenamed(): boolean {
    const { document, location } = this.#metadata;
    const names = new Set(document.images.flatMap(({ pixels }) => pixels.tiffData.map(({ fileName }) => fileName)));
    return names.size === 1 && document.uuid === undefined && this.#files.has(keyOf(location));
  }

  async #openAt(location: string): Promise<TiffFile> {
    const key = keyOf(location);
    const tiff = this.#files.get(key) ?? (await openTiffFile(location, this.#access));
    this.#files.set(key, tiff);
    return tiff;
  }

  /** A file that may be none of the set. */
  async #look(location: string): Promise<TiffFile | undefined> {
    const tiff = await openTiffFile(location, this.#access).catch(() => undefined);
    await tiff?.reader.close();
    return tiff;
  }
}

/** The name of a file, without the folders that a path of any machine has. */
function nameIn(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function keyOf(location: string): string {
  return isUrl(location) ? location : resolve(location);
}
