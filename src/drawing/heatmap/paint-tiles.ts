// Tiles as colours over the faint slide.
import type { Canvas } from './canvas.js';
import type { Colour } from './colour-scale.js';
import type { MapFrame } from './map-frame.js';

/** What every tile is painted with; arrays are row-major, one entry a tile. */
export type TilePaint = {
  readonly colours: readonly Colour[];
  /** Index into `colours`. */
  readonly colourOf: ArrayLike<number>;
  /** Tiles of several colours, by index: that of each of their blocks, row-major. */
  readonly blocks: ReadonlyMap<number, ArrayLike<number>>;
  /** How many blocks lie across and down a whole tile. */
  readonly perTile: { readonly columns: number; readonly rows: number };
  /** 0 shows the slide alone, 1 the colour alone. */
  readonly opacity: ArrayLike<number>;
};

/** Tiles at least this large are set apart by a fainter line along their left and upper edge. */
const leastParted = 12;
const partedOpacity = 0.75;

/** Paints the tiles of a frame, which the canvas must hold, with its upper left corner at x, y; `greys` has the frame's size. */
export function paintTiles(canvas: Canvas, frame: MapFrame, x: number, y: number, greys: Uint8Array, paint: TilePaint) {
  const { width, height, columnOf, rowOf, columnEdges, rowEdges } = frame;
  const { colours, colourOf, blocks, perTile, opacity } = paint;
  const columns = columnEdges.length - 1;
  const parted = frame.cell >= leastParted;
  const { data } = canvas;
  const blocksAcross = perTile.columns / frame.cell;
  const blocksDown = perTile.rows / frame.cell;
  for (let line = 0; line < height; line++) {
    const row = rowOf[line];
    const firstLine = line === rowEdges[row] && line > 0;
    const blockRow = Math.min(perTile.rows - 1, Math.floor((line - rowEdges[row]) * blocksDown));
    let at = ((y + line) * canvas.width + x) * 3;
    for (let pixel = 0; pixel < width; pixel++) {
      const column = columnOf[pixel];
      const tile = row * columns + column;
      const edge = parted && (firstLine || (pixel === columnEdges[column] && pixel > 0));
      const share = opacity[tile] * (edge ? partedOpacity : 1);
      const own = blocks.get(tile);
      const blockColumn = Math.min(perTile.columns - 1, Math.floor((pixel - columnEdges[column]) * blocksAcross));
      const colour = colours[own ? own[blockRow * perTile.columns + blockColumn] : colourOf[tile]];
      const ground = greys[line * width + pixel] * (1 - share);
      data[at++] = Math.round(ground + colour[0] * share);
      data[at++] = Math.round(ground + colour[1] * share);
      data[at++] = Math.round(ground + colour[2] * share);
    }
  }
}
