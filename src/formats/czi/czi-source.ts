// Zeiss CZI: z-stacks as mosaics of sub-blocks. Tiles are put together from decoded sub-blocks, and encoded once when they are written.
import type { ByteReader } from '../../bytes/byte-reader.js';
import { besideLocation, nameOfLocation } from '../../bytes/location.js';
import { withPages } from '../../bytes/paged-reader.js';
import { SlideError } from '../../errors.js';
import { evenPlanes, type FocalPlane, roundUm } from '../../slide/focal-planes.js';
import type { PixelFormat } from '../../slide/raster.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { associatedImages } from '../../slide-source/associated-pictures.js';
import type { Opening } from '../../slide-source/open-options.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { readCzi, readCziHead } from './czi-file.js';
import { type CziMetadata, parseCziMetadata } from './czi-metadata.js';
import { cziPictures } from './czi-pictures.js';
import { checkReadable } from './czi-pixels.js';
import { openCziPlanes } from './czi-planes.js';
import { type CziSelection, selectStack } from './czi-selection.js';
import type { SubBlock } from './sub-block.js';

/** Parts that a slide may be in. */
const maxParts = 1000;

/** Opens a CZI file, and the further files of the slide beside it. Where it can't, it leaves the first one open. */
export async function openCzi(reader: ByteReader, options: Opening): Promise<SlideSource> {
  const file = reader.name;
  const pages = withPages(reader);
  const { subBlocks, metadata: xml, attachments, primaryGuid } = await readCzi(pages);
  const metadata = xml === undefined ? undefined : parseCziMetadata(xml, file);
  const selection = selectStack(subBlocks, metadata, options, file);
  const format = formatOf(selection.blocks, file);
  const { pictures, notes } = await cziPictures(pages, attachments);
  const parts = await openParts(reader, selection.blocks, primaryGuid, options);
  const { planes, notes: left } = await closingOnFailure(parts, () =>
    openCziPlanes(selection, format, parts, options.tileSize, file),
  );
  const heights = heightsOf(selection, metadata, options.zStepUm);
  const upwards = ascending(heights);
  if (upwards.length > 1 && upwards[0] > upwards[1]) {
    notes.push('planes are numbered from the lowest up; the file has them the other way round');
  }
  const [x, y] = [metadata?.xUm, metadata?.yUm];
  return planesSource(
    upwards.map((index) => planes[index]),
    {
      format: 'Zeiss CZI',
      name: nameOfLocation(reader.location),
      files: [...parts.values()].map(({ name }) => name),
      planes: upwards.map((index, plane) => ({ plane, zUm: heights[index].zUm })),
      micronsPerPixel: x !== undefined && y !== undefined ? { x: roundUm(x), y: roundUm(y) } : undefined,
      objective: metadata?.objective,
      channelName: selection.selection.channel?.name,
      scenes: selection.scenes,
      selection: selection.selection,
      iccProfile: undefined,
      acquisitionDate: metadata?.acquired,
      annotations: [],
      notes: [...selection.notes, ...left, ...notes],
      ...associatedImages(pictures),
      close: async () => {
        await Promise.all([...parts.values()].map((part) => part.close()));
      },
    },
  );
}

/** What the pixels of all pictures are made of; `mismatch` where they differ. */
function formatOf(blocks: readonly SubBlock[], file: string): PixelFormat {
  const kinds = new Map(blocks.map((block) => [`${block.pixelType}:${block.compression}`, block]));
  const formats = [...kinds.values()].map((block) => checkReadable(block, file));
  const [first] = formats;
  const odd = formats.find(({ channels, sample }) => channels !== first.channels || sample !== first.sample);
  if (!odd) return first;
  const problem = `has pixels of ${first.channels} x ${first.sample} and of ${odd.channels} x ${odd.sample} samples`;
  throw new SlideError('mismatch', problem, { file, hint: 'take another channel, with --channel' });
}

/** The files that pictures lie in, by part: "slide.czi", "slide (1).czi" … */
async function openParts(
  reader: ByteReader,
  blocks: readonly SubBlock[],
  guid: string,
  { access }: Opening,
): Promise<ReadonlyMap<number, ByteReader>> {
  const parts = new Map([[0, reader]]);
  const further = [...new Set(blocks.map(({ part }) => part))].filter((part) => part !== 0).sort((a, b) => a - b);
  await closingOnFailure(parts, async () => {
    for (const part of further) {
      if (part < 0 || part > maxParts) {
        throw new SlideError('damaged', `its directory names part ${part} of the slide`, { file: reader.name });
      }
      const name = nameOfLocation(reader.location).replace(/(\.czi)?$/i, ` (${part})$1`);
      const opened = await access.open(besideLocation(reader.location, name));
      parts.set(part, opened);
      const { primaryGuid } = await readCziHead(opened, part);
      if (primaryGuid !== guid) {
        const hint = 'copy all files of the slide again';
        throw new SlideError('mismatch', `is not a part of ${reader.name}`, { file: opened.name, hint });
      }
    }
  });
  return parts;
}

/** Closes what was opened here; the first file is the caller's. */
async function closingOnFailure<T>(parts: ReadonlyMap<number, ByteReader>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await Promise.all([...parts].filter(([part]) => part > 0).map(([, each]) => each.close()));
    throw error;
  }
}

/** Heights by plane, in the order of the file; those of its metadata where they tell of every plane. */
function heightsOf(
  { planes }: CziSelection,
  metadata: CziMetadata | undefined,
  zStepUm: number | undefined,
): FocalPlane[] {
  const told = planes.map((z) => metadata?.heightUm(z));
  if (zStepUm !== undefined || told.includes(undefined)) return evenPlanes(planes.length, zStepUm);
  return told.map((zUm, plane) => ({ plane, zUm: roundUm(zUm as number) }));
}

/** The order of planes from the lowest up. */
function ascending(planes: readonly FocalPlane[]): number[] {
  return planes.map(({ plane }) => plane).sort((a, b) => (planes[a].zUm ?? a) - (planes[b].zUm ?? b));
}
