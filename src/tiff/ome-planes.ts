// Which directory of which file holds each focal plane of an OME-TIFF: the rules of element TiffData
// (docs.openmicroscopy.org, "The OME-TIFF format": planes are numbered by DimensionOrder, fastest dimension first).
import type { OmePixels, OmeTiffData } from './ome-xml.js';

export type PlaneLocation = Pick<OmeTiffData, 'fileName' | 'uuid' | 'ifd'>;

/**
 * Channels as they are stored: an RGB image is one channel of three samples. `stored` is the number of samples that a pixel of its
 * directories has, which counts where the metadata says nothing of it, or says less.
 */
export function channelCount({ sizeC, channels }: OmePixels, stored?: number): number {
  const said = channels[0]?.samplesPerPixel;
  const samples = stored !== undefined && sizeC % stored === 0 ? Math.max(said ?? 1, stored) : (said ?? 1);
  return Math.max(1, Math.round(sizeC / samples));
}

/** The first directory that the rules name. */
export function firstLocation({ tiffData: [first] }: OmePixels): PlaneLocation | undefined {
  return first && { fileName: first.fileName, uuid: first.uuid, ifd: first.ifd };
}

/** The same with timepoints for planes: what was recorded plane after plane, and numbered as if in time. */
export function timepointsAsPlanes(pixels: OmePixels): OmePixels {
  const { sizeZ, sizeT, dimensionOrder, tiffData, positions } = pixels;
  const swapped: Readonly<Record<string, string>> = { Z: 'T', T: 'Z' };
  return {
    ...pixels,
    sizeZ: sizeT,
    sizeT: sizeZ,
    dimensionOrder: [...dimensionOrder].map((name) => swapped[name] ?? name).join(''),
    tiffData: tiffData.map((block) => ({ ...block, firstZ: block.firstT, firstT: block.firstZ })),
    positions: positions.map((position) => ({ ...position, z: position.t, t: position.z })),
  };
}

/** Where each plane of one channel and timepoint is, by plane index; undefined where the set has no such plane. */
export function locatePlanes(
  pixels: OmePixels,
  channel: number,
  timepoint: number,
  channels = channelCount(pixels),
): (PlaneLocation | undefined)[] {
  const sizes = { Z: pixels.sizeZ, C: channels, T: pixels.sizeT };
  const order = [...pixels.dimensionOrder].filter((name): name is keyof typeof sizes => name in sizes);
  const located = Array<PlaneLocation | undefined>(sizes.Z).fill(undefined);
  for (const block of fromZero(pixels.tiffData, sizes)) {
    const position = { Z: block.firstZ, C: block.firstC, T: block.firstT };
    for (let i = 0; i < block.planeCount && position.T < sizes.T && position.Z < sizes.Z && position.C < sizes.C; i++) {
      if (position.C === channel && position.T === timepoint) {
        located[position.Z] = { fileName: block.fileName, uuid: block.uuid, ifd: block.ifd + i };
      }
      if (!advance(position, order, sizes)) break;
    }
  }
  return located;
}

/** To the next plane; false after the last. */
function advance<Name extends string>(
  position: Record<Name, number>,
  order: Name[],
  sizes: Record<Name, number>,
): boolean {
  for (const name of order) {
    position[name]++;
    if (position[name] < sizes[name]) return true;
    position[name] = 0;
  }
  return false;
}

/** Some writers count FirstZ, FirstC or FirstT from 1: then no block has 0 and one lies beyond the end. */
function fromZero(blocks: readonly OmeTiffData[], sizes: { Z: number; C: number; T: number }): OmeTiffData[] {
  const shift = (name: 'firstZ' | 'firstC' | 'firstT', size: number) =>
    blocks.every((block) => block[name] >= 1) && blocks.some((block) => block[name] === size) ? 1 : 0;
  const z = shift('firstZ', sizes.Z);
  const c = shift('firstC', sizes.C);
  const t = shift('firstT', sizes.T);
  return blocks.map((block) => ({
    ...block,
    firstZ: block.firstZ - z,
    firstC: block.firstC - c,
    firstT: block.firstT - t,
  }));
}
