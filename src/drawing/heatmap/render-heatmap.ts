// The heatmap: which plane every tile of a slide is taken from, how sure that is, and where it was looked.
import { blocksPerTile, type DepthMap } from '../../slide/depth-map.js';
import type { FocalPlane } from '../../slide/focal-planes.js';
import type { Raster } from '../../slide/raster.js';
import type { TileGrid } from '../../slide/tile-grid.js';
import type { Canvas } from './canvas.js';
import { planeColour } from './colour-scale.js';
import { confidenceKey, confidenceOpacity } from './confidence-key.js';
import { drawFigure, layFigure } from './draw-figure.js';
import { faintThumbnail } from './faint-thumbnail.js';
import { leastMarkedCell, lookShare, paintLookMark } from './look-marks.js';
import { looksInset, looksKey } from './looks-key.js';
import { type MapFrame, requireGridOf, tileInFrame } from './map-frame.js';
import { paintTiles, type TilePaint } from './paint-tiles.js';
import { planeLegend } from './plane-legend.js';

export type HeatmapInput = {
  readonly map: DepthMap;
  /** The grid of the map's level. */
  readonly grid: TileGrid;
  /** One for each plane of the map. */
  readonly planes: readonly FocalPlane[];
  /** The whole slide, at any size. */
  readonly thumbnail?: Raster | undefined;
  /** Such as the slide's name. */
  readonly title: string;
  /** Short sayings under the title, such as method, cost and accuracy. */
  readonly facts: readonly string[];
};

/** Draws the heatmap as a PNG. Memory is bounded by the picture, at most about 1500 x 1650 pixels, and the thumbnail. */
export async function renderHeatmap({ map, grid, planes, thumbnail, title, facts }: HeatmapInput): Promise<Uint8Array> {
  const { planeCount } = map;
  requireGridOf(map, grid);
  if (planes.length !== planeCount) {
    throw new RangeError(`a map of ${planeCount} planes does not fit a stack of ${planes.length}`);
  }
  const layout = layFigure(grid);
  const { frame } = layout;
  const paint: TilePaint = {
    colours: Array.from({ length: planeCount }, (_, plane) => planeColour(plane, planeCount)),
    colourOf: map.planes,
    blocks: map.blocks,
    perTile: blocksPerTile(grid),
    opacity: map.confidence.map(confidenceOpacity),
  };
  const tilesOf = new Uint32Array(planeCount);
  for (const plane of map.planes) tilesOf[plane]++;
  // Marks tell tiles apart: where all are alike, a line of text says it.
  const alike = map.looked.every((count) => count === map.looked[0]);
  const marked = !alike && frame.cell >= leastMarkedCell;
  const panels = [
    planeLegend(planes, tilesOf),
    ...(map.confidence.some((confidence) => confidence < 1) ? [confidenceKey()] : []),
    marked || alike ? looksKey(map, marked) : looksInset(map, grid),
  ];
  const paintMap = (canvas: Canvas, x: number, y: number) => {
    paintTiles(canvas, frame, x, y, faintThumbnail(thumbnail, frame), paint);
    if (marked) paintLooks(canvas, frame, x, y, map, paint);
  };
  return drawFigure({ title, facts, layout, paintMap, panels }).toPng();
}

function paintLooks(canvas: Canvas, frame: MapFrame, x: number, y: number, map: DepthMap, paint: TilePaint): void {
  const { columns, looked, planes, planeCount } = map;
  for (let tile = 0; tile < looked.length; tile++) {
    const rect = tileInFrame(frame, Math.floor(tile / columns), tile % columns);
    const place = { ...rect, x: x + rect.x, y: y + rect.y };
    const share = lookShare(looked[tile], planeCount);
    // Of a tile that mixes planes, every block is to be seen.
    paintLookMark(canvas, place, frame.cell, share, paint.colours[planes[tile]], map.blocks.has(tile));
  }
}
