// Tiles as colours over the faint slide.
import type { Canvas } from './canvas.js';
import type { Colour } from './colour-scale.js';
import type { MapFrame } from './map-frame.js';

/** What every tile is painted with; arrays are row-major, one entry a tile. */
export type TilePaint = {
  readonly colours: readonly Colour[];
  /** Index into `colours`. */
  readonly colourOf: ArrayLike<number>;
  /** 0 shows the slide alone, 1 the colour alone. */
  readonly opacity: ArrayLike<number>;
};

/** Tiles at least this large are set apart by a fainter line along their left and upper edge. */
const leastParted = 12;
const partedOpacity = 0.75;

/** Paints the tiles of a frame, which the canvas must hold, with its upper left corner at x, y; `greys` has the frame's size. */
export function paintTiles(canvas: Canvas, frame: MapFrame, x: number, y: number, greys: Uint8Array, paint: TilePaint) {
  const { width, height, columnOf, rowOf, columnEdges, rowEdges } = frame;
  const { colours, colourOf, opacity } = paint;
  const columns = columnEdges.length - 1;
  const parted = frame.cell >= leastParted;
  const { data } = canvas;
  for (let line = 0; line < height; line++) {
    const row = rowOf[line];
    const firstLine = line === rowEdges[row] && line > 0;
    let at = ((y + line) * canvas.width + x) * 3;
    for (let pixel = 0; pixel < width; pixel++) {
      const column = columnOf[pixel];
      const tile = row * columns + column;
      const edge = parted && (firstLine || (pixel === columnEdges[column] && pixel > 0));
      const share = opacity[tile] * (edge ? partedOpacity : 1);
      const colour = colours[colourOf[tile]];
      const ground = greys[line * width + pixel] * (1 - share);
      data[at++] = Math.round(ground + colour[0] * share);
      data[at++] = Math.round(ground + colour[1] * share);
      data[at++] = Math.round(ground + colour[2] * share);
    }
  }
}
