// Writes tiles into a TIFF: data first, in the order it comes, directories last, so that a killed run leaves no file that looks
// finished. Memory: 16 bytes a tile for its place, and the few megabytes that OutputFile holds back.
import { encodeTile } from '../codecs/codec.js';
import { SlideError } from '../errors.js';
import type { EncodedTile, TileEncoding } from '../slide/encoded-tile.js';
import type { MicronsPerPixel } from '../slide/geometry.js';
import type { Level } from '../slide/pyramid.js';
import type { Raster } from '../slide/raster.js';
import type { SlideWriter } from '../slide/slide-writer.js';
import type { TileAddress } from '../slide/tile-address.js';
import { tileCount, tileIndex } from '../slide/tile-grid.js';
import { tag } from '../tiff/tags.js';
import { encodingTags } from '../tiff/tile-encoding.js';
import {
  type DirectoryDraft,
  type DirectoryEntry,
  type FieldType,
  header,
  headerLength,
  writeDirectories,
} from '../tiff/write-directories.js';
import { OutputFile } from './output-file.js';

/** A level to be written: all its tiles are stored in one way. */
export type WrittenLevel = Level & { readonly encoding: TileEncoding };

export type TiffLayout = {
  readonly planes: number;
  /** Finest first. */
  readonly levels: readonly WrittenLevel[];
  readonly micronsPerPixel: MicronsPerPixel | undefined;
  /** Tag Orientation of every level; missing where pixels are upright. */
  readonly orientation?: number | undefined;
  readonly iccProfile: Uint8Array | undefined;
  /** Labels and the like, written deflated behind the pyramid. */
  readonly pictures: readonly Raster[];
  readonly software: string;
  /** The image description of the first directory, asked for when all tiles are written. */
  readonly describe: () => string | undefined;
  /** BigTIFF; classic TIFF ends at 4 GiB. */
  readonly big: boolean;
};

/** Bytes at which a TIFF ends that is no BigTIFF. */
export const classicLimit = 2 ** 32 - 1;

/** A level of a plane while its tiles come in. */
type Stored = { readonly level: WrittenLevel; readonly offsets: Float64Array; readonly byteCounts: Float64Array };

/** Starts a TIFF; `output` where it can't be written. See SlideWriter for the rest. */
export async function createTiffWriter(path: string, layout: TiffLayout, force: boolean): Promise<SlideWriter> {
  const file = await OutputFile.create(path, force);
  await file.append(new Uint8Array(headerLength(layout.big)));
  return new TiffWriter(file, layout);
}

class TiffWriter implements SlideWriter {
  readonly #file: OutputFile;
  readonly #layout: TiffLayout;
  /** By plane, then in the order of the layout's levels. */
  readonly #stored: readonly (readonly Stored[])[];

  constructor(file: OutputFile, layout: TiffLayout) {
    this.#file = file;
    this.#layout = layout;
    this.#stored = Array.from({ length: layout.planes }, () =>
      layout.levels.map((level) => {
        const tiles = tileCount(level.grid);
        return { level, offsets: new Float64Array(tiles), byteCounts: new Float64Array(tiles) };
      }),
    );
  }

  async writeTile({ level, plane, row, column }: TileAddress, { bytes }: EncodedTile): Promise<void> {
    const stored = this.#at(plane, level);
    const index = tileIndex(stored.level.grid, row, column);
    stored.offsets[index] = await this.#file.append(bytes);
    stored.byteCounts[index] = bytes.length;
    this.#checkSize();
  }

  async writeRun(
    { level, plane, row, column }: TileAddress,
    lengths: readonly number[],
    fill: (room: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const stored = this.#at(plane, level);
    const first = tileIndex(stored.level.grid, row, column);
    let offset = await this.#file.appendInPlace(
      lengths.reduce((sum, length) => sum + length, 0),
      fill,
    );
    for (const [i, length] of lengths.entries()) {
      stored.offsets[first + i] = offset;
      stored.byteCounts[first + i] = length;
      offset += length;
    }
    this.#checkSize();
  }

  async readBack({ level, plane, row, column }: TileAddress): Promise<EncodedTile> {
    const stored = this.#at(plane, level);
    const index = tileIndex(stored.level.grid, row, column);
    const bytes = await this.#file.read(stored.offsets[index], stored.byteCounts[index]);
    return { bytes, encoding: stored.level.encoding };
  }

  async finish(): Promise<number> {
    const { pictures, big, planes } = this.#layout;
    const drafts: DirectoryDraft[] = [];
    const description = this.#layout.describe();
    // Viewers look for a pyramid either in SubIFDs or in the main chain: with one plane, the levels are linked from both. With
    // several, the chain is the planes.
    for (const [plane, levels] of this.#stored.entries()) {
      const first = drafts.length;
      const subDirectories = levels.slice(1).map((_, i) => first + 1 + i);
      for (const [i, stored] of levels.entries()) {
        const entries = this.#levelEntries(stored, plane === 0 && i === 0 ? description : undefined);
        drafts.push({ entries, subDirectories: i === 0 ? subDirectories : [], inMainChain: i === 0 || planes === 1 });
      }
    }
    for (const picture of pictures) drafts.push({ entries: await this.#writePicture(picture), inMainChain: true });

    const padding = (8 - (this.#file.length % 8)) % 8;
    await this.#file.append(new Uint8Array(padding));
    const { bytes, first } = writeDirectories(drafts, this.#file.length, big);
    await this.#file.append(bytes);
    this.#checkSize();
    await this.#file.overwrite(0, header(big, first));
    await this.#file.finish();
    return this.#file.length;
  }

  discard(): Promise<void> {
    return this.#file.discard();
  }

  #at(plane: number, level: number): Stored {
    const found = this.#stored[plane]?.find((stored) => stored.level.level === level);
    if (!found) throw new RangeError(`nothing is written at plane ${plane}, level ${level}`);
    return found;
  }

  #checkSize(): void {
    if (this.#layout.big || this.#file.length <= classicLimit) return;
    const hint = 'write an OME-TIFF, which has no such limit';
    throw new SlideError('output', 'a plain TIFF ends at 4 GB, and this slide does not', {
      file: this.#file.path,
      hint,
    });
  }

  #levelEntries({ level, offsets, byteCounts }: Stored, description: string | undefined): DirectoryEntry[] {
    const { micronsPerPixel, orientation, iccProfile, software, levels } = this.#layout;
    const { grid, encoding } = level;
    const tags = encodingTags(encoding);
    const reduced = level.level > levels[0].level;
    const scale = 2 ** (level.level - levels[0].level);
    const place: FieldType = this.#layout.big ? 'long8' : 'long';
    return present([
      [tag.newSubfileType, 'long', [reduced ? 1 : 0]],
      [tag.imageWidth, 'long', [grid.width]],
      [tag.imageLength, 'long', [grid.height]],
      [tag.bitsPerSample, 'short', tags.bitsPerSample],
      [tag.compression, 'short', [tags.compression]],
      [tag.photometricInterpretation, 'short', [tags.photometric]],
      [tag.imageDescription, 'ascii', description],
      [tag.orientation, 'short', orientation === undefined ? undefined : [orientation]],
      [tag.samplesPerPixel, 'short', [tags.samplesPerPixel]],
      ...resolutionEntries(micronsPerPixel, scale),
      [tag.planarConfiguration, 'short', [1]],
      [tag.software, 'ascii', reduced ? undefined : software],
      [tag.predictor, 'short', tags.predictor],
      [tag.tileWidth, 'long', [grid.tileWidth]],
      [tag.tileLength, 'long', [grid.tileHeight]],
      [tag.tileOffsets, place, offsets],
      [tag.tileByteCounts, place, byteCounts],
      [tag.sampleFormat, 'short', tags.sampleFormat],
      [tag.jpegTables, 'undefined', tags.jpegTables],
      [tag.yCbCrSubSampling, 'short', tags.subsampling],
      [tag.referenceBlackWhite, 'rational', tags.subsampling && [0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1]],
      [tag.iccProfile, 'undefined', iccProfile],
    ]);
  }

  /** A picture as one deflated strip: programs that look for levels among tiled images pass it by. */
  async #writePicture(picture: Raster): Promise<DirectoryEntry[]> {
    const { bytes } = await encodeTile(picture, pictureEncoding(picture), 100);
    const offset = await this.#file.append(bytes);
    const place: FieldType = this.#layout.big ? 'long8' : 'long';
    return present([
      [tag.newSubfileType, 'long', [0]],
      [tag.imageWidth, 'long', [picture.width]],
      [tag.imageLength, 'long', [picture.height]],
      [tag.bitsPerSample, 'short', Array(picture.channels).fill(8)],
      [tag.compression, 'short', [8]],
      [tag.photometricInterpretation, 'short', [picture.channels === 3 ? 2 : 1]],
      [tag.stripOffsets, place, [offset]],
      [tag.samplesPerPixel, 'short', [picture.channels]],
      [tag.rowsPerStrip, 'long', [picture.height]],
      [tag.stripByteCounts, place, [bytes.length]],
      [tag.planarConfiguration, 'short', [1]],
      [tag.predictor, 'short', [2]],
    ]);
  }
}

function pictureEncoding({ width, height, channels }: Raster): TileEncoding {
  const photometric = channels === 3 ? 'rgb' : 'black-is-zero';
  const stored = { codec: 'deflate', photometric, predictor: 2, bigEndian: false, subsampling: [1, 1] } as const;
  return { width, height, channels, sample: 'uint8', ...stored };
}

function resolutionEntries(microns: MicronsPerPixel | undefined, scale: number): OptionalEntry[] {
  if (!microns) return [];
  // Pixels per centimetre, in hundredths: enough for any microscope.
  const perCentimetre = (um: number) => [Math.max(1, Math.round(1e6 / (um * scale))), 100];
  return [
    [tag.xResolution, 'rational', perCentimetre(microns.x)],
    [tag.yResolution, 'rational', perCentimetre(microns.y)],
    [tag.resolutionUnit, 'short', [3]],
  ];
}

type OptionalEntry = readonly [number, FieldType, ArrayLike<number> | string | undefined];

function present(entries: readonly OptionalEntry[]): DirectoryEntry[] {
  return entries.flatMap(([id, type, values]) => (values === undefined ? [] : [{ tag: id, type, values }]));
}
