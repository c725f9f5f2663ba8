// A ByteReader that reads whole pages and keeps a few: for the many small reads in one place by which directories are parsed.
import { throwIfAborted } from '../errors.js';
import { type ByteReader, checkRange } from './byte-reader.js';

/** Bytes of a page: directories and the arrays of their tiles lie side by side. */
const pageBytes = 65_536;
/** Pages kept, 8 MB. */
const maxPages = 128;

/** The same bytes, fetched by page; a page is fetched once while it is kept. A long read fetches what it lacks at once. */
export function withPages(reader: ByteReader): ByteReader {
  const pages = new Map<number, Promise<Uint8Array>>();
  const { name, location, size, distant } = reader;

  /** Starts to fetch pages from `first` to `end` as one read. */
  const fetchPages = (first: number, end: number, signal?: AbortSignal) => {
    const offset = first * pageBytes;
    const run = reader.read(offset, Math.min(end * pageBytes, size) - offset, signal);
    for (let page = first; page < end; page++) {
      const from = page * pageBytes - offset;
      const bytes = run.then((whole) => Uint8Array.from(whole.subarray(from, from + pageBytes)));
      pages.set(page, bytes);
      // A page that could not be fetched is asked for again by the next read; this one throws below.
      bytes.catch(() => {
        if (pages.get(page) === bytes) pages.delete(page);
      });
    }
  };

  const read = async (offset: number, length: number, signal?: AbortSignal) => {
    throwIfAborted(signal);
    checkRange(reader, offset, length);
    const first = Math.floor(offset / pageBytes);
    const end = Math.ceil((offset + length) / pageBytes);
    for (let page = first; page < end; page++) {
      if (pages.has(page)) continue;
      let last = page + 1;
      while (last < end && !pages.has(last)) last++;
      fetchPages(page, last, signal);
    }
    const wanted = Array.from({ length: end - first }, (_, i) => pages.get(first + i) as Promise<Uint8Array>);
    for (const page of pages.keys()) {
      if (pages.size <= maxPages) break;
      pages.delete(page);
    }
    const bytes = Buffer.allocUnsafeSlow(length);
    for (const [i, page] of wanted.entries()) {
      const at = (first + i) * pageBytes - offset;
      bytes.set((await page).subarray(Math.max(0, -at), length - at), Math.max(0, at));
    }
    return bytes;
  };
  return { name, location, size, distant, read, close: () => reader.close() };
}
