// What a caller can choose when a slide is opened.
import type { ByteAccess } from '../bytes/byte-access.js';
import type { NetworkOptions } from '../bytes/http-client.js';

/** Who signs in to a PMA.core server. */
export type PmaUser = { readonly user: string; readonly password: string };

export type OpenOptions = {
  /** Channel to flatten, by index or name; by default the first, or red, green and blue together where they are channels. */
  readonly channel?: number | string | undefined;
  /** Timepoint to flatten, an index; the first by default. */
  readonly timepoint?: number | undefined;
  /** Whether the timepoints of a slide of one plane are its focal planes. */
  readonly timepointAsZ?: boolean | undefined;
  /** Region of the glass to flatten, by index or name, where a file keeps several apart; the first by default. */
  readonly scene?: number | string | undefined;
  /** Whether planes that lie in files of their own are taken though they do not look like planes of one field. */
  readonly unrelated?: boolean | undefined;
  /** Micrometres between planes, where the slide does not say or is wrong. */
  readonly zStepUm?: number | undefined;
  /** Side, in pixels, of tiles where planes are retiled: a multiple of 16; by default 256, or that of Zarr chunks and JPEG pictures in CZI. */
  readonly tileSize?: number | undefined;
  /** How files are fetched that are given by URL; `pma` is for PMA.core servers. */
  readonly network?: (Omit<NetworkOptions, 'signal'> & { readonly pma?: PmaUser | undefined }) | undefined;
  /** Files that are to be written: refused where one is a file of the slide. */
  readonly outputs?: readonly string[] | undefined;
  /** Stops opening and, where files lie on servers, all that is fetched of them. */
  readonly signal?: AbortSignal | undefined;
};

/** The choices, and the way to the bytes of the slide's files. */
export type Opening = OpenOptions & { readonly access: ByteAccess };
