// A DICOMDIR (PS3.10, 8; PS3.3, annex F): the index of a medium, whose records name the files.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { SlideError } from '../../errors.js';
import { readDicomHeader } from './read-header.js';
import { tag } from './tags.js';
import { wholeSlideClass } from './wsi-instance.js';

/** File identifiers have at most 8 components of 8 characters (PS3.10, 8.2); longer ones occur, others do not. */
const fileIdComponent = /^[\w-][\w .-]*$/;

/** The files of a DICOMDIR that hold whole-slide images, each a list of folders and a name relative to it. */
export async function readDicomdir(reader: ByteReader): Promise<string[][]> {
  const files: string[][] = [];
  let directories = 0;
  await readDicomHeader(reader, {
    tag: tag.directoryRecords,
    read: (record) => {
      directories++;
      if (record.text(tag.recordType) !== 'IMAGE' || record.text(tag.referencedClass) !== wholeSlideClass) return;
      const components = record.texts(tag.referencedFile);
      if (components.length === 0 || !components.every((component) => fileIdComponent.test(component))) {
        const named = JSON.stringify(components.join('/'));
        throw new SlideError('damaged', `names a file that can't be one of its medium: ${named}`, {
          file: reader.name,
        });
      }
      files.push(components);
    },
  });
  const file = reader.name;
  if (directories === 0) throw new SlideError('unsupported', 'is no DICOMDIR: it has no directory records', { file });
  if (files.length === 0) {
    const hint = 'zflat reads VL Whole Slide Microscopy images';
    throw new SlideError('unsupported', 'the DICOMDIR lists no whole-slide images', { file, hint });
  }
  return files;
}
