// The picture of one TIFF directory, decoded whole by zflat's own codecs: for labels and the like that lie where libvips can't read.
import type { ByteReader } from '../bytes/byte-reader.js';
import { decodeTile } from '../codecs/codec.js';
import { isSlideError, locating } from '../errors.js';
import { filledRaster, pasteRaster, type Raster } from '../slide/raster.js';
import { tileRect } from '../slide/tile-grid.js';
import { checkChunks, chunkGrid, type TiffDirectory } from '../tiff/tiff-directory.js';
import { tileEncoding } from '../tiff/tile-encoding.js';

/** Pixels of a picture at most, 100 MB: no label is larger. */
const maxPixels = 1e8 / 3;

/** Whether its pixels are of a kind that is decoded here. */
export function canReadPicture(directory: TiffDirectory): boolean {
  if (directory.width * directory.height > maxPixels) return false;
  try {
    const { sample, photometric } = tileEncoding(directory);
    return sample === 'uint8' && photometric !== 'white-is-zero';
  } catch (error) {
    if (isSlideError(error, 'unsupported')) return false;
    throw error;
  }
}

/** Its pixels as RGB, tile by tile or strip by strip; white where it has none. */
export async function readPicture(reader: ByteReader, directory: TiffDirectory): Promise<Raster> {
  return locating({ file: reader.name }, async () => {
    checkChunks(directory, reader.size);
    const encoding = tileEncoding(directory);
    const grid = chunkGrid(directory);
    const { chunks, width, height } = directory;
    const picture = filledRaster({ width, height }, { channels: 3, sample: 'uint8' }, 255);
    for (let index = 0; index < grid.rows * grid.columns; index++) {
      if (chunks.byteCounts[index] === 0) continue;
      const shown = tileRect(grid, Math.floor(index / grid.columns), index % grid.columns);
      const bytes = await reader.read(chunks.offsets[index], chunks.byteCounts[index]);
      // The last strip ends with the image; tiles are always whole.
      const stored = chunks.tiled ? encoding : { ...encoding, height: shown.height };
      const decoded = inColour(await decodeTile({ bytes, encoding: stored }));
      pasteRaster(picture, shown.x, shown.y, decoded, { ...shown, x: 0, y: 0 });
    }
    return picture;
  });
}

function inColour(raster: Raster): Raster {
  if (raster.channels === 3) return raster;
  const colour = filledRaster(raster, { channels: 3, sample: 'uint8' }, 0);
  for (let i = 0; i < raster.data.length; i++) colour.data.fill(raster.data[i], 3 * i, 3 * i + 3);
  return colour;
}
