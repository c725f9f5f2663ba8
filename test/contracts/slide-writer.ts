// What every SlideWriter must do, run by each output format.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSlideError } from '../../src/errors.js';
import type { EncodedTile } from '../../src/slide/encoded-tile.js';
import type { SlideWriter } from '../../src/slide/slide-writer.js';
import type { TileAddress } from '../../src/slide/tile-address.js';
import { openSlide } from '../../src/slide-source/open-slide.js';
import { temporaryFolder } from '../fixtures/temporary-folder.js';

/** A writer that is to write these tiles to `path`. */
export type KnownWriter = {
  readonly writer: SlideWriter;
  readonly tiles: readonly { readonly address: TileAddress; readonly tile: EncodedTile }[];
};

/** How the contract gets a writer of a format that is to write to `path`. */
export type WriterMaker = (path: string, force: boolean) => Promise<KnownWriter>;

export function describeSlideWriter(name: string, create: WriterMaker): void {
  describe(name, () => {
    const folder = temporaryFolder();
    const beside = (path: string) => readdirSync(dirname(path));
    const write = async ({ writer, tiles }: KnownWriter) => {
      for (const { address, tile } of tiles) await writer.writeTile(address, tile);
    };

    it('should always keep every tile byte for byte', async () => {
      const at = `${folder.folder('kept')}/a.tif`;
      const known = await create(at, false);
      await write(known);
      expect(await known.writer.finish()).toBe(statSync(at).size);
      const written = await openSlide(at);
      for (const { address, tile } of known.tiles) {
        const read = await written.readTile(address);
        expect(Buffer.compare(read?.bytes ?? Buffer.alloc(0), tile.bytes)).toBe(0);
      }
      await written.close();
    });

    it('should always keep tiles of a row that are filled in together, and nothing of a row that could not be filled', async () => {
      const at = `${folder.folder('runs')}/a.tif`;
      const { writer, tiles } = await create(at, false);
      for (let first = 0; first < tiles.length; ) {
        const { address } = tiles[first];
        const row = tiles
          .slice(first)
          .filter(({ address: { level, row } }) => level === address.level && row === address.row);
        const lengths = row.map(({ tile }) => tile.bytes.length);
        const failing = writer.writeRun(address, lengths, async (room) => {
          room.fill(77);
          throw new Error('no bytes');
        });
        await expect(failing).rejects.toThrow('no bytes');
        await writer.writeRun(address, lengths, async (room) => {
          let end = 0;
          for (const { tile } of row) {
            room.set(tile.bytes, end);
            end += tile.bytes.length;
          }
          expect(room).toHaveLength(end);
        });
        first += row.length;
      }
      for (const { address, tile } of tiles)
        expect(Buffer.compare((await writer.readBack(address)).bytes, tile.bytes)).toBe(0);
      const length = await writer.finish();
      const one = await create(`${folder.at('runs')}/b.tif`, false);
      await write(one);
      expect(await one.writer.finish()).toBe(length);
      expect(readFileSync(at).equals(readFileSync(`${folder.at('runs')}/b.tif`))).toBe(true);
    });

    it('should only appear under its name when it is finished', async () => {
      const at = `${folder.folder('appears')}/a.tif`;
      const known = await create(at, false);
      expect(existsSync(at)).toBe(false);
      await write(known);
      expect(existsSync(at)).toBe(false);
      await known.writer.finish();
      expect(beside(at)).toEqual(['a.tif']);
    });

    it('should never leave anything behind when it is discarded, at any time', async () => {
      for (const written of [0, 1, 'all'] as const) {
        const at = `${folder.folder(`discarded-${written}`)}/a.tif`;
        const known = await create(at, false);
        if (written === 'all') await write(known);
        else for (const { address, tile } of known.tiles.slice(0, written)) await known.writer.writeTile(address, tile);
        await known.writer.discard();
        await known.writer.discard();
        expect(beside(at)).toEqual([]);
      }
    });

    it('should always be harmless to discard what is finished', async () => {
      const at = `${folder.folder('harmless')}/a.tif`;
      const known = await create(at, false);
      await write(known);
      await known.writer.finish();
      await known.writer.discard();
      expect(beside(at)).toEqual(['a.tif']);
    });

    it('should always read back what was written before, while it writes on', async () => {
      const at = `${folder.folder('back')}/a.tif`;
      const { writer, tiles } = await create(at, false);
      for (const [i, { address, tile }] of tiles.entries()) {
        await writer.writeTile(address, tile);
        for (const earlier of [tiles[0], tiles[i >> 1], tiles[i]]) {
          expect(Buffer.compare((await writer.readBack(earlier.address)).bytes, earlier.tile.bytes)).toBe(0);
        }
      }
      await writer.discard();
    });

    it('should always write the same bytes for the same tiles', async () => {
      const files = await Promise.all(
        ['one', 'two'].map(async (which) => {
          const at = `${folder.folder(which)}/a.tif`;
          const known = await create(at, false);
          await write(known);
          await known.writer.finish();
          return readFileSync(at);
        }),
      );
      expect(files[0].equals(files[1])).toBe(true);
    });

    it('should never replace a file unless told to, and then only when it is finished', async () => {
      const at = `${folder.folder('replaced')}/a.tif`;
      writeFileSync(at, 'what was there');
      const refused = await create(at, false).catch((error: unknown) => error);
      expect(isSlideError(refused, 'output')).toBe(true);
      const known = await create(at, true);
      await write(known);
      expect(readFileSync(at, 'utf8')).toBe('what was there');
      await known.writer.discard();
      expect(readFileSync(at, 'utf8')).toBe('what was there');
      const again = await create(at, true);
      await write(again);
      await again.writer.finish();
      expect(statSync(at).size).toBeGreaterThan(100);
      expect(beside(at)).toEqual(['a.tif']);
    });

    it('should always refuse a place where nothing can be written', async () => {
      for (const at of [folder.at('no', 'such', 'folder', 'a.tif'), folder.folder('is-a-folder')]) {
        const refused = await create(at, true).catch((error: unknown) => error);
        expect(isSlideError(refused, 'output')).toBe(true);
        expect((refused as Error).message).toContain(folder.at());
      }
    });
  });
}
