// OME-TIFF, for the registry: a file with OME-XML in it, a set of such files, or the companion file of a set.
import { join } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { nameOfLocation } from '../../bytes/location.js';
import { isSlideError } from '../../errors.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { GivenFiles } from '../../slide-source/slide-input.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import type { OmeMetadata } from './ome-file-set.js';

const companionFile = /\.companion\.ome$/i;

/** What describes a set, and those of its files that are open already. */
type FoundSet = { readonly metadata: OmeMetadata; readonly opened: readonly TiffFile[] };

export const omeTiff: SlideFormat<FoundSet> = {
  name: 'OME-TIFF',
  files: '*.ome.tif, *.ome.tiff, *.ome.btf, *.companion.ome; one file or a set',
  planes: 'TiffData of the OME-XML, any DimensionOrder; one channel and timepoint',
  copied: 'yes where stored in tiles; strips are tiled and encoded once',
  async recognise(input, { access }) {
    if (input.kind === 'files') return setOfFiles(input, access);
    if (input.kind !== 'folder') return undefined;
    const companion = input.names.find((name) => companionFile.test(name));
    return companion === undefined ? undefined : setOfCompanion(join(input.folder, companion), access);
  },
  async open({ metadata, opened }, options) {
    const { openOmeTiff } = await import('./ome-tiff-source.js');
    return openOmeTiff(metadata, options, opened);
  },
};

async function setOfCompanion(location: string, access: ByteAccess): Promise<FoundSet> {
  const { readCompanion } = await import('./ome-file-set.js');
  return { metadata: await readCompanion(location, access), opened: [] };
}

/** The set that the first file is, or is a part of, if every given file belongs to it. */
async function setOfFiles(input: GivenFiles, access: ByteAccess): Promise<FoundSet | undefined> {
  const { files } = input;
  if (companionFile.test(nameOfLocation(files[0]))) return setOfCompanion(files[0], access);
  const tiff = await input.tiff();
  if (!tiff) return undefined;
  const { omeMetadata } = await import('./ome-file-set.js');
  const metadata = await omeMetadata(tiff, access).catch((error: unknown) => {
    // Files of a set whose metadata is lost can still be planes, one each.
    if (files.length > 1 && isSlideError(error, 'unreadable')) return undefined;
    throw error;
  });
  if (!metadata || (files.length > 1 && !(await isSetOf(metadata, files)))) return undefined;
  return { metadata, opened: [tiff] };
}

/** Whether the planes of a document lie in just these files. */
async function isSetOf({ document }: OmeMetadata, files: readonly string[]): Promise<boolean> {
  const { slideImage } = await import('./ome-tiff-source.js');
  const named = new Set(slideImage(document)?.pixels.tiffData.map(({ fileName }) => fileName));
  return files.every((file) => named.has(nameOfLocation(file)));
}
