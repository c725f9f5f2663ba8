// Which files make up a DICOM slide: those given, the series that a file belongs to, those that a folder or a DICOMDIR holds.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ByteAccess } from '../../bytes/byte-access.js';
import { isUrl, shownLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { dicomMagicBytes, dicomName, looksLikeDicom } from './dicom-magic.js';
import { readDicomdir } from './dicomdir.js';
import { readWsiInstance, type WsiInstance } from './wsi-instance.js';

const dicomdirName = /^dicomdir$/i;

/** Whether a file is DICOM; errors of opening it are thrown. */
export async function isDicomFile(path: string, access: ByteAccess): Promise<boolean> {
  const reader = await access.open(path);
  try {
    return reader.size > dicomMagicBytes && looksLikeDicom(await reader.read(0, dicomMagicBytes));
  } finally {
    await reader.close();
  }
}

/** The DICOM files among the names in a folder, or its DICOMDIR alone; empty where there are none. */
export async function dicomFilesIn(folder: string, names: readonly string[], access: ByteAccess): Promise<string[]> {
  const candidates = names.filter((name) => dicomName.test(name));
  const directory = candidates.find((name) => dicomdirName.test(name));
  const paths = (directory ? [directory] : candidates).map((name) => join(folder, name));
  const found: string[] = [];
  for (const path of paths) {
    // Folders, and files that can't be opened, are none; a pipe would wait for somebody to write.
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile && (await isDicomFile(path, access).catch(() => false))) found.push(path);
  }
  return found;
}

const aloneOnServer =
  'of its series, this file alone: a server does not tell what lies beside it; give the URLs of all';

export type DicomFiles = {
  /** Volumes, labels and the like of one series. */
  readonly instances: readonly WsiInstance[];
  /** The DICOMDIR that led to them, where one did. */
  readonly index: readonly string[];
  readonly notes: readonly string[];
};

/** The whole-slide images in the files given; of one file, all of its series that lie beside it, where that can be seen. */
export async function findInstances(files: readonly string[], access: ByteAccess): Promise<DicomFiles> {
  const [path] = files;
  if (files.length > 1) {
    return { instances: await Promise.all(files.map((file) => mustBeInstance(file, access))), index: [], notes: [] };
  }
  if (isUrl(path)) return { instances: [await mustBeInstance(path, access)], index: [], notes: [aloneOnServer] };
  if (dicomdirName.test(basename(path))) {
    return { ...(await instancesOfFolder(await filesOfDicomdir(path, access), path, access)), index: [path] };
  }
  const given = await mustBeInstance(path, access);
  const folder = dirname(path);
  const beside = await dicomFilesIn(
    folder,
    (await readdir(folder)).filter((name) => !dicomdirName.test(name)).sort(),
    access,
  );
  const notes: string[] = [];
  const instances = [given];
  for (const other of beside) {
    if (basename(other) === basename(path)) continue;
    const instance = await readInstance(other, access).catch((error: Error) => {
      notes.push(`left out ${basename(other)}: ${error instanceof SlideError ? error.problem : error.message}`);
      return undefined;
    });
    if (instance && given.seriesUid !== '' && instance.seriesUid === given.seriesUid) instances.push(instance);
  }
  return { instances, index: [], notes };
}

/** The whole-slide images of a folder or a DICOMDIR, which must be of one series. */
export async function instancesOfFolder(
  files: readonly string[],
  place: string,
  access: ByteAccess,
): Promise<DicomFiles> {
  const instances: WsiInstance[] = [];
  const others: string[] = [];
  for (const file of files) {
    const instance = await readInstance(file, access);
    if (instance) instances.push(instance);
    else others.push(basename(file));
  }
  if (instances.length === 0) {
    const hint = 'zflat reads VL Whole Slide Microscopy images';
    throw new SlideError('unsupported', 'holds DICOM files, but no whole-slide image', { file: place, hint });
  }
  const series = new Map(
    instances.filter(({ kind }) => kind === 'volume').map(({ seriesUid, file }) => [seriesUid, file]),
  );
  if (series.size > 1) {
    const hint = `give a file of the one that is meant, such as ${[...series.values()].join(' or ')}`;
    throw new SlideError('usage', `holds ${series.size} series of whole-slide images`, { file: place, hint });
  }
  const [uid] = series.keys();
  const notes = others.length > 0 ? [`left out ${others.join(', ')}: no whole-slide images`] : [];
  return { instances: instances.filter(({ seriesUid }) => uid === undefined || seriesUid === uid), index: [], notes };
}

/** Paths of the images that a DICOMDIR lists; media are written in capitals, but not always copied so. */
async function filesOfDicomdir(path: string, access: ByteAccess): Promise<string[]> {
  const reader = await access.open(path);
  try {
    const listed = await readDicomdir(reader);
    return await Promise.all(listed.map((components) => findListed(path, components)));
  } finally {
    await reader.close();
  }
}

async function findListed(dicomdir: string, components: readonly string[]): Promise<string> {
  let folder = dirname(dicomdir);
  for (const [index, component] of components.entries()) {
    const names = await readdir(folder).catch(() => []);
    const found = names.find((name) => name === component) ?? names.find((name) => isSameName(name, component));
    if (found === undefined) {
      const problem = `lists ${components.join('/')}, which is not there`;
      const hint = 'copy the folders beside it, too, or give the files themselves';
      throw new SlideError('damaged', problem, { file: dicomdir, hint });
    }
    folder = join(folder, found);
    if (index === components.length - 1) return folder;
  }
  return folder;
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

async function mustBeInstance(location: string, access: ByteAccess): Promise<WsiInstance> {
  const instance = await readInstance(location, access);
  if (instance) return instance;
  const hint = 'zflat reads VL Whole Slide Microscopy images';
  throw new SlideError('unsupported', 'is a DICOM file, but no whole-slide image', {
    file: shownLocation(location),
    hint,
  });
}

/** Undefined where the file holds something other than a whole-slide image. */
async function readInstance(location: string, access: ByteAccess): Promise<WsiInstance | undefined> {
  const reader = await access.open(location);
  const { name: file } = reader;
  try {
    if (reader.size <= dicomMagicBytes || !looksLikeDicom(await reader.read(0, dicomMagicBytes))) {
      throw new SlideError('unsupported', 'is no DICOM file', { file, hint: 'give the files of one series' });
    }
    return await locating({ file }, () => readWsiInstance(reader));
  } finally {
    await reader.close();
  }
}
