// What a flattened slide says of itself: the facts of its source, how it was made, and the depth map.
import { nameOfLocation } from '../bytes/location.js';
import type { DepthMap } from '../slide/depth-map.js';
import type { SlideInfo } from '../slide/slide-info.js';
import { type OmeImageDraft, writeOmeXml } from '../tiff/write-ome-xml.js';
import { packBlocks } from './packed-blocks.js';
import type { ResultLevel } from './result-levels.js';

/** Namespaces of the annotations. */
export const provenanceNamespace = 'zflat.provenance/1';
export const depthMapNamespace = 'zflat.depth-map/1';

export type Provenance = {
  /** The slide as the result tells of it, where that is not all there is. */
  readonly info?: SlideInfo | undefined;
  readonly software: string;
  readonly depthMap: DepthMap;
  /** How planes were chosen and how good the choice is: keys and values for people and programs. */
  readonly facts: Readonly<Record<string, string>>;
};

/** The OME-XML of a flattened slide. It names no folder and no time: the same input gives the same bytes. */
export function describeResult(info: SlideInfo, levels: readonly ResultLevel[], provenance: Provenance): string {
  const { software, depthMap, facts } = provenance;
  const [finest] = levels;
  const { width, height } = finest.grid;
  const um = info.micronsPerPixel;
  const scale = 2 ** finest.level;
  const slide: OmeImageDraft = {
    name: info.name,
    width,
    height,
    pixel: finest.encoding,
    planes: 1,
    firstDirectory: 0,
    micronsPerPixel: um && { x: um.x * scale, y: um.y * scale },
    channelName: info.channelName,
    acquisitionDate: info.acquisitionDate,
    objective: info.objective,
  };
  const pictures = info.associatedImages.map(
    ({ kind, width: across, height: down }, index): OmeImageDraft => ({
      name: kind,
      width: across,
      height: down,
      pixel: { channels: 3, sample: 'uint8' },
      planes: 1,
      firstDirectory: levels.length + index,
    }),
  );
  const { level, columns, rows, planeCount, planes } = depthMap;
  const map = {
    level,
    columns,
    rows,
    planeCount,
    zUm: info.planes.map(({ zUm }) => zUm ?? null),
    planes: Array.from(planes),
    ...(depthMap.blocks.size > 0 && { blocks: packBlocks(depthMap.blocks) }),
  };
  return writeOmeXml({
    creator: software,
    images: [slide, ...pictures],
    annotations: [
      {
        namespace: provenanceNamespace,
        value: {
          software,
          ...(info.files.length > 0 && { source: info.files.map((file) => nameOfLocation(file)).join(', ') }),
          ...facts,
        },
      },
      { namespace: depthMapNamespace, value: JSON.stringify(map) },
    ],
  });
}
