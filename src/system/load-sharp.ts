// sharp, which decodes and encodes pictures: loaded where pixels first need it, for its binary takes a tenth of a second.
import { SlideError } from '../errors.js';

type Sharp = typeof import('sharp').default;

let loaded: Promise<Sharp> | undefined;

/** The library; `installation` where it has no binary for this machine. */
export function loadSharp(): Promise<Sharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => sharp, explain);
  return loaded;
}

function explain(cause: Error): never {
  const [reason] = cause.message.trim().split('\n');
  const hint = 'install zflat anew on this machine';
  throw new SlideError('installation', `the library sharp can't be loaded: ${reason}`, { cause, hint });
}
