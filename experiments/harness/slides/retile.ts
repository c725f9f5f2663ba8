// A stack of any kind as an OME-TIFF of JPEG tiles with a pyramid, as a scanner would have stored it.
import { decodeTile, encodeTile } from '../../../src/codecs/codec.js';
import { halvedLevels, PyramidBuilder } from '../../../src/output/coarser-levels.js';
import { createTiffWriter } from '../../../src/output/tiff-writer.js';
import type { EncodedTile, TileEncoding } from '../../../src/slide/encoded-tile.js';
import { planeHeights } from '../../../src/slide/focal-planes.js';
import type { Raster } from '../../../src/slide/raster.js';
import { openSlide } from '../../../src/slide-source/open-slide.js';
import { stackLayout } from './stack-layout.js';

export async function retile(input: string, output: string, tileSize: number, quality: number): Promise<void> {
  const source = await openSlide(input, { tileSize });
  try {
    const { planes, levels: found } = source.info;
    const [{ grid }] = found;
    const levels = halvedLevels(grid, { width: tileSize, height: tileSize });
    const encoding: TileEncoding = {
      width: tileSize,
      height: tileSize,
      channels: 3,
      sample: 'uint8',
      codec: 'jpeg',
      photometric: 'ycbcr',
      predictor: 1,
      bigEndian: false,
      subsampling: [2, 2],
    };
    const written = levels.map((level) => ({ ...level, encoding }));
    const layout = stackLayout(input, planeHeights(planes), written);
    const writer = await createTiffWriter(output, layout, true);
    for (const { plane } of planes) {
      const builder = new PyramidBuilder(levels, encoding);
      for (let row = 0; row < grid.rows; row++) {
        const tiles: Raster[] = [];
        for (let column = 0; column < grid.columns; column++) {
          tiles.push(await decodeTile((await source.readTile({ level: 0, plane, row, column })) as EncodedTile));
        }
        for (const { raster, ...place } of builder.addRow(tiles)) {
          await writer.writeTile({ plane, ...place }, await encodeTile(raster, encoding, quality));
        }
      }
    }
    await writer.finish();
  } finally {
    await source.close();
  }
}
