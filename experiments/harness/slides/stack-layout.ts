// How stacks that experiments make are laid out: a BigTIFF with a pyramid for every plane, as scanners store them.
import type { TiffLayout, WrittenLevel } from '../../../src/output/tiff-writer.js';
import { writeOmeXml } from '../../../src/tiff/write-ome-xml.js';

const program = 'zflat experiments';

export function stackLayout(name: string, zUm: readonly number[], levels: readonly WrittenLevel[]): TiffLayout {
  const [{ grid, encoding }] = levels;
  const image = { name, width: grid.width, height: grid.height, pixel: encoding, firstDirectory: 0 };
  const draft = { ...image, planes: zUm.length, zUm };
  return {
    planes: zUm.length,
    levels,
    micronsPerPixel: undefined,
    iccProfile: undefined,
    pictures: [],
    software: program,
    describe: () => writeOmeXml({ creator: program, images: [draft], annotations: [] }),
    big: true,
  };
}
