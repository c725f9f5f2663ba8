// Where the files of a Zarr image are read from: keys to bytes (zarrita's interface), in a folder or below a URL.
import type { AsyncReadable, GetOptions, RangeQuery } from 'zarrita';

/** Missing is undefined, broken is thrown, nothing outside is read. */
export interface ZarrStore extends AsyncReadable {
  /** The name of the folder. */
  readonly name: string;
  /** What is longer, in bytes, is refused before it is read; to be raised to what a chunk can take. */
  longest: number;
  /** The path or URL of a key, for messages. */
  pathOf(key: string): string;
  /** The store of a folder in this one, or, by "..", of that which this one is in. */
  folder(path: string): ZarrStore;
  get(key: string, options?: GetOptions): Promise<Uint8Array | undefined>;
  getRange(key: string, range: RangeQuery, options?: GetOptions): Promise<Uint8Array | undefined>;
  /** The keys of files in a folder, at most so many: undefined where there are more. Missing where nothing can be listed. */
  list?(path: string, maxKeys: number): Promise<ReadonlySet<string> | undefined>;
}
