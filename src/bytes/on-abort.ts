// Listening for a stop by many readers at once, and no longer than they read.
import { setMaxListeners } from 'node:events';

/** Calls `listener` once the signal is set, until the answered function is called. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (!signal) return () => undefined;
  // As many as there are reads in flight: Node warns of more than ten, which would be a leak if they stayed.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}
