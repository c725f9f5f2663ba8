// The metadata of an array, as far as zarrita does not check it: codecs, and how the files of chunks are named.
import { isSlideError, locating, SlideError } from '../../errors.js';
import { objectOf } from '../../system/json-value.js';
import { readableCodecs } from './zarr-codecs.js';
import type { ZarrStore } from './zarr-store.js';

export type ChunkKeys = {
  /** The name of a file in the folder of the array, by its place along each axis. */
  readonly keyOf: (place: readonly number[]) => string;
  /** Sides of what lies in one file, in samples, where that is a shard of several chunks. */
  readonly fileShape: readonly number[] | undefined;
  /** Whether the format says what is to be seen where a chunk is missing. */
  readonly filled: boolean;
};

/**
 * How the chunks of an array are named. Refuses codecs that zflat does not read, before zarrita meets them chunk by chunk: of several that it does not know, one would end in
 * a rejection that nobody handles.
 */
export async function readChunkKeys(folder: ZarrStore, path: string, v2: boolean, file: string): Promise<ChunkKeys> {
  const name = v2 ? '.zarray' : 'zarr.json';
  const bytes = await folder.get(`/${path}/${name}`);
  if (!bytes) {
    const hint = 'the metadata of the slide names it: copy the slide again';
    throw new SlideError('damaged', `there is no ${name} of this level`, { file, hint });
  }
  const text = Buffer.from(bytes).toString('utf8');
  const metadata = await zarritaCall(file, 'its metadata', () => JSON.parse(text) as Metadata | null);
  const codecs = v2
    ? [...(metadata?.compressor ? [metadata.compressor] : []), ...listOf(metadata?.filters)]
    : listOf(metadata?.codecs).flatMap((codec) => [
        codec,
        ...listOf(codec?.configuration?.codecs),
        ...listOf(codec?.configuration?.index_codecs),
      ]);
  for (const codec of codecs) {
    const named = v2 ? codec?.id : codec?.name;
    if (typeof named === 'string' && readableCodecs.has(named)) continue;
    const hint = 'zflat reads raw, blosc, zstd, gzip, zlib and lz4 chunks';
    throw new SlideError('unsupported', `chunks are stored by the codec ${shortJson(named)}`, { file, hint });
  }
  return v2 ? keysOfV2(metadata, file) : keysOfV3(metadata, file);
}

function keysOfV2(metadata: Metadata | null, file: string): ChunkKeys {
  const separator = separatorOf(metadata?.dimension_separator, '.', file);
  const filled = metadata?.fill_value !== null && metadata?.fill_value !== undefined;
  return { keyOf: (place) => place.join(separator), fileShape: undefined, filled };
}

function keysOfV3(metadata: Metadata | null, file: string): ChunkKeys {
  const { name, configuration } = objectOf(metadata?.chunk_key_encoding) ?? {};
  if (name !== 'default' && name !== 'v2') {
    const hint = 'zflat reads the key encodings "default" and "v2"';
    throw new SlideError('unsupported', `its chunks are named by ${shortJson(name)}`, { file, hint });
  }
  const old = name === 'v2';
  const separator = separatorOf(objectOf(configuration)?.separator, old ? '.' : '/', file);
  const sharded = listOf(metadata?.codecs).some((codec) => codec?.name === 'sharding_indexed');
  const shape = objectOf(objectOf(metadata?.chunk_grid)?.configuration)?.chunk_shape;
  return {
    keyOf: (place) => (old ? place : ['c', ...place]).join(separator),
    fileShape: sharded && Array.isArray(shape) ? (shape as number[]) : undefined,
    filled: true,
  };
}

function separatorOf(given: unknown, usual: '.' | '/', file: string): '.' | '/' {
  const separator = given ?? usual;
  if (separator === '.' || separator === '/') return separator;
  const problem = `the names of its chunks are separated by ${shortJson(separator)}, where Zarr knows "." and "/"`;
  throw new SlideError('contradictory', problem, { file });
}

/** What stands in metadata, for messages: cut where it is long. */
function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** What may stand in metadata, where anything may. */
type Codec = {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly configuration?: { readonly codecs?: unknown; readonly index_codecs?: unknown } | null;
} | null;

type Metadata = {
  readonly compressor?: Codec;
  readonly filters?: unknown;
  readonly codecs?: unknown;
  readonly dimension_separator?: unknown;
  readonly fill_value?: unknown;
  readonly chunk_key_encoding?: unknown;
  readonly chunk_grid?: unknown;
};

/** The entries of a list; what is no list and not left out is an entry that is no codec. */
function listOf(value: unknown): readonly Codec[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [null]) as readonly Codec[];
}

/** zarrita throws what it meets; here it is the file's fault, and says which. */
export async function zarritaCall<T>(file: string, what: string, call: () => Promise<T> | T): Promise<T> {
  try {
    return await locating({ file }, call);
  } catch (cause) {
    if (isSlideError(cause)) throw cause;
    const reason = [(cause as Error).message, ((cause as Error).cause as Error | undefined)?.message];
    throw new SlideError('damaged', `${what} can't be read: ${reason.filter(Boolean).join(': ')}`, { file, cause });
  }
}
