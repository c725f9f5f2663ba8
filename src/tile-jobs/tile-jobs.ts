// What is done with the bytes of tiles, whichever thread does it: what goes in and comes out can be copied from thread to thread.
import { blockNumbers, chooseBlocksOfTile, shortlistTilesBelow } from './block-jobs.js';
import { measureParts } from './measure-tile.js';
import { quiltPlanes } from './quilt-planes.js';

const tileJobs = { measureParts, blockNumbers, shortlistTilesBelow, chooseBlocksOfTile, quiltPlanes } as const;

export type TileJobName = keyof typeof tileJobs;
export type TileJobInput<Name extends TileJobName> = Parameters<(typeof tileJobs)[Name]>;
export type TileJobResult<Name extends TileJobName> = Awaited<ReturnType<(typeof tileJobs)[Name]>>;

/** Does a job; throws what it throws. */
export async function doTileJob(name: TileJobName, input: readonly unknown[]): Promise<unknown> {
  const job = tileJobs[name] as (...input: readonly unknown[]) => unknown;
  return job(...input);
}
