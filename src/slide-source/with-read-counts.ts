// A source that counts what is read from it: the report's bytesRead.
import type { SlideSource } from '../slide/slide-source.js';

export type ReadCounts = { tiles: number; bytes: number };

/** The same slide; every tile read through it adds to `counts`. */
export function withReadCounts(source: SlideSource, counts: ReadCounts): SlideSource {
  return {
    ...source,
    // One way to read, one place to count.
    findTile: undefined,
    readTile: async (address, signal) => {
      const tile = await source.readTile(address, signal);
      counts.tiles++;
      counts.bytes += tile?.bytes.length ?? 0;
      return tile;
    },
  };
}
