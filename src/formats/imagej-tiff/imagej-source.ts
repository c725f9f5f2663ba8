// Stacks as ImageJ writes them: a directory an image, or, from 4 GB on and for speed, one directory for all images, which lie behind one
// another. Channels count fastest, then slices, then frames.
import { nameOfLocation } from '../../bytes/location.js';
import { locating, SlideError } from '../../errors.js';
import { evenPlanes } from '../../slide/focal-planes.js';
import type { SlideSource } from '../../slide/slide-source.js';
import { associatedImages } from '../../slide-source/associated-pictures.js';
import type { Opening, OpenOptions } from '../../slide-source/open-options.js';
import { type PlanePyramid, tiledPlane } from '../../slide-source/plane-pyramid.js';
import { planesSource } from '../../slide-source/planes-source.js';
import { choose, numbered, takenOf } from '../../slide-source/selection.js';
import { StripPlanes, stripsOnServer } from '../../slide-source/strip-plane.js';
import { checkChunks } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';
import { tileEncoding } from '../../tiff/tile-encoding.js';
import { contiguousBytes, type ImageJImages, type ImageJStack } from './imagej-description.js';

/** Opens the stack of a file; the source does not close it. */
export async function openImageJ(
  { tiff, images }: { readonly tiff: TiffFile; readonly images: ImageJImages },
  options: Opening,
): Promise<SlideSource> {
  const { reader, directories } = tiff;
  const [first] = directories;
  const file = reader.name;
  const stack = asPlanes(images.stack, options, file);
  const { channels, slices, frames, spacingUm, unitUm } = stack;
  const among = numbered(channels);
  const taken = choose('channel', among, options.channel, file);
  const timepoints = numbered(frames);
  const time = choose('timepoint', timepoints, options.timepoint, file);
  const [channel, timepoint] = [taken.index, time.index];
  const strips = new StripPlanes(options.tileSize);
  try {
    const planes: PlanePyramid[] = [];
    for (let plane = 0; plane < slices; plane++) {
      const image = stack.framesAsSlices
        ? plane * channels + channel
        : (timepoint * slices + plane) * channels + channel;
      planes.push(await locating({ plane }, () => openImage(tiff, images.storage, image, strips)));
    }
    const { pixelsPerUnit } = first;
    const micronsPerPixel =
      pixelsPerUnit && unitUm ? { x: unitUm / pixelsPerUnit.x, y: unitUm / pixelsPerUnit.y } : first.micronsPerPixel;
    return planesSource(planes, {
      format: 'ImageJ TIFF',
      name: nameOfLocation(reader.location),
      files: [file],
      planes: evenPlanes(slices, options.zStepUm ?? spacingUm),
      micronsPerPixel,
      objective: undefined,
      channelName: undefined,
      selection: { channel: takenOf(taken, among), timepoint: takenOf(time, timepoints) },
      iccProfile: first.iccProfile,
      acquisitionDate: undefined,
      annotations: [],
      notes: stack.notes,
      ...associatedImages([]),
      close: () => strips.close(),
    });
  } catch (error) {
    await strips.close();
    throw error;
  }
}

/** The stack with its frames taken for slices where that is wanted; `usage` where it has both. */
function asPlanes(stack: ImageJStack, { timepointAsZ = false }: OpenOptions, file: string) {
  if (!timepointAsZ) return { ...stack, framesAsSlices: false };
  if (stack.slices === 1) return { ...stack, slices: stack.frames, frames: 1, framesAsSlices: true };
  const hint = 'leave --timepoint-as-z out, and choose a timepoint with --timepoint';
  throw new SlideError('usage', `has ${stack.slices} planes at each of ${stack.frames} timepoints`, { file, hint });
}

async function openImage(
  tiff: TiffFile,
  storage: ImageJImages['storage'],
  image: number,
  strips: StripPlanes,
): Promise<PlanePyramid> {
  const { reader, directories } = tiff;
  const directory = directories[storage === 'directories' ? image : 0];
  if (directory.chunks.tiled) return tiledPlane(reader, directory, await tiff.subDirectories(directory));
  if (reader.distant) throw stripsOnServer(reader.name);
  const { channels, sample, codec, photometric } = tileEncoding(directory);
  checkChunks(directory, reader.size);
  const { width, height, bigEndian } = directory;
  const picture = { file: reader.name, fileBytes: reader.size, width, height, channels, sample };
  if (storage === 'directories') return strips.add({ ...picture, page: image, lossy: codec === 'jpeg' });
  const offset = directory.chunks.offsets[0] + image * (contiguousBytes(directory) as number);
  return strips.add({
    ...picture,
    page: 0,
    lossy: false,
    slice: { offset, bigEndian, whiteIsZero: photometric === 'white-is-zero' },
  });
}
