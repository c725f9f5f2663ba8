// Ordered and pulled: results come in the order of the items, and no faster than they are taken.

/**
 * Starts `work` on up to `ahead` items (at least 1) and yields the results in order. At most `ahead` results wait, so the slow side
 * sets the pace and bounds the memory.
 */
export async function* readAhead<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<R, void, undefined> {
  const waiting: Promise<R>[] = [];
  const iterator = items[Symbol.iterator]();
  const start = (): void => {
    const { value, done } = iterator.next();
    if (done) return;
    const result = work(value);
    // A failure is thrown when its turn comes; until then it is not unhandled.
    result.catch(() => undefined);
    waiting.push(result);
  };
  for (let i = 0; i < ahead; i++) start();
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const result = await next;
    start();
    yield result;
  }
}
