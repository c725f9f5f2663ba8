// OME-TIFF, for the registry: a file with OME-XML in it, a set of such files, or the companion file of a set.
import { join } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { nameOfLocation } from '../../bytes/location.js';
import { isSlideError, SlideError } from '../../errors.js';
import type { SlideFormat } from '../../slide-source/slide-format.js';
import type { GivenFiles } from '../../slide-source/slide-input.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import type { OmeMetadata } from './ome-file-set.js';

const companionFile = /\.companion\.ome$/i;

/** What describes a set, those of its files that are open already, and how many were given. */
type FoundSet = { readonly metadata: OmeMetadata; readonly opened: readonly TiffFile[]; readonly given: number };

export const omeTiff: SlideFormat<FoundSet> = {
  name: 'OME-TIFF',
  files: '*.ome.tif, *.ome.tiff, *.ome.btf, *.companion.ome; one file or a set',
  planes: 'TiffData of the OME-XML, any DimensionOrder; one channel and timepoint',
  copied: 'yes where stored in tiles; strips are tiled and encoded once',
  timepointsAsPlanes: true,
  async recognise(input, { access }) {
    if (input.kind === 'files') return setOfFiles(input, access);
    if (input.kind !== 'folder') return undefined;
    const companions = input.names.filter((name) => companionFile.test(name) && !name.startsWith('.'));
    if (companions.length > 1) {
      const hint = `give one of ${companions.join(', ')}`;
      const problem = `holds ${companions.length} sets of files, each with a companion of its own`;
      throw new SlideError('usage', problem, { file: input.folder, hint });
    }
    return companions.length === 0 ? undefined : setOfCompanion(join(input.folder, companions[0]), 1, access);
  },
  async open({ metadata, opened, given }, options) {
    const { openOmeTiff } = await import('./ome-tiff-source.js');
    const source = await openOmeTiff(metadata, options, opened, given === 1 ? opened[0] : undefined);
    const taken = source.info.files.length;
    if (given === 1 || taken <= given) return source;
    const note = `the set has further files: ${taken} are taken, ${given} were given`;
    return { ...source, info: { ...source.info, notes: [...source.info.notes, note] } };
  },
};

async function setOfCompanion(location: string, given: number, access: ByteAccess): Promise<FoundSet> {
  const { readMetadata } = await import('./ome-file-set.js');
  return { metadata: await readMetadata(location, access), opened: [], given };
}

/** The set that the first file is, or is a part of, if every given file belongs to it. */
async function setOfFiles(input: GivenFiles, access: ByteAccess): Promise<FoundSet | undefined> {
  const { files } = input;
  const companion = files.find((file) => companionFile.test(nameOfLocation(file)));
  if (companion !== undefined) {
    const set = await setOfCompanion(companion, files.length, access);
    if (await isSetOf(set.metadata, files, access)) return set;
    const hint = 'give each set alone; one of its files is enough';
    throw new SlideError('usage', `describes a set that not all of the ${files.length} files are of`, {
      file: companion,
      hint,
    });
  }
  const tiff = await input.tiff();
  if (!tiff) return undefined;
  const { omeMetadata } = await import('./ome-file-set.js');
  const metadata = await omeMetadata(tiff, access).catch((error: unknown) => {
    // Files of a set whose metadata is lost can still be planes, one each.
    if (files.length > 1 && isSlideError(error, 'unreadable')) return undefined;
    throw error;
  });
  if (!metadata || (files.length > 1 && !(await isSetOf(metadata, files, access)))) return undefined;
  return { metadata, opened: [tiff], given: files.length };
}

/** Whether all files are of the set that a document describes. */
async function isSetOf(metadata: OmeMetadata, files: readonly string[], access: ByteAccess): Promise<boolean> {
  const { OmeFileSet } = await import('./ome-file-set.js');
  const set = new OmeFileSet(metadata, access);
  for (const file of files) if (!(await set.lists(file))) return false;
  return true;
}
