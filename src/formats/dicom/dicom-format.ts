// DICOM whole-slide images, for the registry: files of one series, one of them, a folder of them, or a DICOMDIR.
import type { SlideFormat } from '../../slide-source/slide-format.js';
import { dicomName, looksLikeDicom } from './dicom-magic.js';

/** Paths and URLs; `folder` is where they were found, if a folder was given. */
type FoundFiles = { readonly files: readonly string[]; readonly folder?: string };

export const dicom: SlideFormat<FoundFiles> = {
  name: 'DICOM whole-slide images',
  files:
    '*.dcm or without extension: a folder, a DICOMDIR, one file of a series or a list; JPEG and uncompressed frames',
  planes: 'focal planes of an instance, in full or sparse tilings, or an instance per plane; by their Z offsets',
  copied: 'yes',
  async recognise(input, { access }) {
    if (input.kind === 'location') return undefined;
    if (input.kind === 'files') return looksLikeDicom(await input.head()) ? { files: input.files } : undefined;
    const { folder, names } = input;
    if (!names.some((name) => dicomName.test(name))) return undefined;
    const { dicomFilesIn } = await import('./dicom-files.js');
    const files = await dicomFilesIn(folder, names, access);
    return files.length > 0 ? { files, folder } : undefined;
  },
  async open({ files, folder }, options) {
    const { openDicom, openDicomFolder } = await import('./dicom-source.js');
    return folder === undefined ? openDicom(files, options) : openDicomFolder(folder, files, options);
  },
};
