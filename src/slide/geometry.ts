// Sizes and rectangles in pixels, and the physical size of a pixel.

/** Width and height in pixels. */
export type Size = { readonly width: number; readonly height: number };

/** A rectangle in pixels of one level; x to the right, y down, right and bottom excluded. */
export type Rect = Size & { readonly x: number; readonly y: number };

/** Micrometres per pixel, to the right and down, at level 0. */
export type MicronsPerPixel = { readonly x: number; readonly y: number };

/** The part of `rect` inside an image of the given size; width or height 0 where nothing is. */
export function clipToImage(rect: Rect, image: Size): Rect {
  const x = Math.min(Math.max(rect.x, 0), image.width);
  const y = Math.min(Math.max(rect.y, 0), image.height);
  return {
    x,
    y,
    width: Math.max(0, Math.min(rect.x + rect.width, image.width) - x),
    height: Math.max(0, Math.min(rect.y + rect.height, image.height) - y),
  };
}
