// What Aperio writes into an image description (SVS): "Aperio …|AppMag = 20|MPP = 0.5|OffsetZ = -1.5|…".
import type { TiffDirectory } from '../../tiff/tiff-directory.js';
import type { TiffFile } from '../../tiff/tiff-file.js';

export type AperioFacts = {
  readonly magnification: number | undefined;
  readonly micronsPerPixel: number | undefined;
  /** Height of the plane in micrometres, by the field of that name. */
  readonly offsetZUm: number | undefined;
};

/** The facts of a description; undefined where Aperio did not write it. */
export function parseAperio(description: string | undefined): AperioFacts | undefined {
  if (!description?.startsWith('Aperio')) return undefined;
  const field = (name: string) => {
    const text = new RegExp(`\\|\\s*${name}\\s*=\\s*([-+0-9.eE]+)`).exec(description)?.[1];
    const value = text === undefined ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  };
  const positive = (value: number | undefined) => (value !== undefined && value > 0 ? value : undefined);
  return {
    magnification: positive(field('AppMag')),
    micronsPerPixel: positive(field('MPP')),
    offsetZUm: field('OffsetZ'),
  };
}

/** The directories of the finest level, one a layer; none where they are stored in strips. */
export function aperioLayers({ directories }: TiffFile): readonly TiffDirectory[] {
  const [finest] = directories;
  return finest.chunks.tiled ? directories.filter((other) => isLevel(other) && sameSize(other, finest)) : [];
}

/** Whether a directory is a level of a layer: thumbnails, labels and macro images are strips, or marked as reduced. */
export function isLevel({ chunks, reduced }: TiffDirectory): boolean {
  return chunks.tiled && !reduced;
}

export function sameSize(a: TiffDirectory, b: TiffDirectory): boolean {
  return a.width === b.width && a.height === b.height;
}
