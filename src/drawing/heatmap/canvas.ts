// A picture in memory that is painted pixel by pixel: the same bytes on every machine.

import type { Rect, Size } from '../../slide/geometry.js';
import { loadSharp } from '../../system/load-sharp.js';
import type { Colour } from './colour-scale.js';

export class Canvas implements Size {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue; rows from the top. */
  readonly data: Uint8Array;

  constructor({ width, height }: Size, paper: Colour) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    for (let i = 0; i < this.data.length; i += 3) this.data.set(paper, i);
  }

  /** Lays a colour over one pixel; opacity 0 leaves it, 1 replaces it. What lies outside is dropped. */
  blend(x: number, y: number, colour: Colour, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let c = 0; c < 3; c++) this.data[at + c] = Math.round(this.data[at + c] * (1 - opacity) + colour[c] * opacity);
  }

  /** Lays a colour over a rectangle of whole pixels. */
  fillRect({ x, y, width, height }: Rect, colour: Colour, opacity = 1): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.blend(column, row, colour, opacity);
    }
  }

  /** Draws a line of one pixel just outside a rectangle. */
  frameRect({ x, y, width, height }: Rect, colour: Colour): void {
    this.fillRect({ x: x - 1, y: y - 1, width: width + 2, height: 1 }, colour);
    this.fillRect({ x: x - 1, y: y + height, width: width + 2, height: 1 }, colour);
    this.fillRect({ x: x - 1, y, width: 1, height }, colour);
    this.fillRect({ x: x + width, y, width: 1, height }, colour);
  }

  /** The picture as a PNG of 8 bits, without colour profile or other words. */
  async toPng(): Promise<Uint8Array> {
    const { width, height } = this;
    const sharp = await loadSharp();
    return sharp(this.data, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 9 })
      .toBuffer();
  }
}
