// Leica SCN: the description of the first directory says which directory holds which level and plane of which scanned area.
import { nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes } from '../../slide/focal-planes.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { type AssociatedPicture, associatedImages, pictureInTiff } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { chooseScene } from '../../slide-source/scenes.js';
import { choose, takenOf } from '../../slide-source/selection.js';
import type { TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { type LeicaArea, parseLeica } from './leica-xml.js';

/** Opens an SCN file; the source closes it. */
export async function openLeica(tiff: TiffFile, options: Opening): Promise<SlideSource> {
  const { reader, directories } = tiff;
  const file = reader.name;
  const areas = parseLeica(directories[0].description ?? '', file);
  const scans = areas.filter(({ macro }) => !macro);
  if (scans.length === 0) throw new SlideError('contradictory', 'its SCN description has no scanned area', { file });
  const regions = scans.map(({ name, width, height }, index) => ({ index, name, width, height }));
  const scenes = scans.length > 1 ? chooseScene(regions, options.scene, file) : undefined;
  const area = scans[scenes?.find(({ read }) => read)?.index ?? 0];
  const channels = [...new Set(area.dimensions.map((each) => each.channel))].sort((a, b) => a - b);
  const choices = channels.map((index) => ({ index }));
  const chosen = choose('channel', choices, options.channel, file);
  const planes: PlanePyramid[] = [];
  for (let plane = 0; plane < area.sizeZ; plane++) {
    const levels = levelsOf(area, plane, chosen.index, directories, file);
    planes.push(await locating({ file, plane }, () => tiledPlane(reader, levels[0], levels.slice(1))));
  }
  const [{ levels }] = planes;
  const um = area.widthNm === undefined ? undefined : area.widthNm / 1000 / levels[0].grid.width;
  return planesSource(planes, {
    format: 'Leica SCN',
    name: nameOfLocation(reader.location),
    files: [file],
    planes: evenPlanes(area.sizeZ, options.zStepUm ?? (area.spacingZNm && area.spacingZNm / 1000)),
    micronsPerPixel: um === undefined ? undefined : { x: um, y: um },
    objective: { magnification: area.magnification },
    channelName: undefined,
    selection: { channel: takenOf(chosen, choices) },
    scenes,
    iccProfile: directories.find(({ iccProfile }) => iccProfile)?.iccProfile,
    acquisitionDate: area.created,
    annotations: [],
    notes: [],
    ...associatedImages(macroPicture(areas, tiff)),
    close: () => reader.close(),
  });
}

/** The directories of a plane, the finest first; `damaged` where there are none, or where the file has no such directory. */
function levelsOf(
  { dimensions, sizeZ }: LeicaArea,
  plane: number,
  channel: number,
  directories: readonly TiffDirectory[],
  file: string,
): TiffDirectory[] {
  const own = dimensions.filter((each) => each.plane === plane && each.channel === channel);
  if (own.length === 0) {
    const hint = `it tells of ${sizeZ} planes: the file is incomplete, or its description wrong`;
    throw new SlideError('contradictory', 'no directory holds this plane', { file, plane, hint });
  }
  const found = own.map(({ ifd }) => {
    const directory = directories[ifd];
    if (directory) return directory;
    const problem = `the description puts it in directory ${ifd}, the file has ${directories.length}`;
    throw new SlideError('contradictory', problem, { file, plane });
  });
  const sorted = found.sort((a, b) => b.width - a.width);
  if (sorted[0].chunks.tiled) return sorted;
  const hint = 'convert it to OME-TIFF';
  throw new SlideError('unsupported', 'the plane is stored in strips', { file, plane, hint });
}

/** The overview, at the coarsest level that it has. */
function macroPicture(areas: readonly LeicaArea[], tiff: TiffFile): AssociatedPicture[] {
  const ifds = areas.filter(({ macro }) => macro).flatMap(({ dimensions }) => dimensions.map(({ ifd }) => ifd));
  const [smallest] = ifds
    .filter((ifd) => tiff.directories[ifd])
    .sort((a, b) => tiff.directories[a].width - tiff.directories[b].width);
  if (smallest === undefined) return [];
  const { width, height } = tiff.directories[smallest];
  const picture = pictureInTiff({ kind: 'macro', width, height }, tiff, smallest);
  return picture ? [picture] : [];
}
