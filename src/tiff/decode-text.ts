// Text whose encoding nobody is sure of: UTF-8 as it should be, else what it says of itself, else Latin-1.

/** A declaration such as `<?xml version="1.0" encoding="ISO-8859-1"?>`. */
const declaredEncoding = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;

/** The text of these bytes, without NULs at its end. Bytes that are sound UTF-8 are UTF-8, whatever they declare. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeAs('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return decodeAs('utf-16be', bytes);
  try {
    return withoutEnd(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
    return decodeAs(declaredEncoding.exec(head)?.[1] ?? 'latin1', bytes);
  }
}

function decodeAs(label: string, bytes: Uint8Array): string {
  try {
    return withoutEnd(new TextDecoder(label).decode(bytes));
  } catch {
    // An encoding that nobody knows.
    return withoutEnd(new TextDecoder('latin1').decode(bytes));
  }
}

function withoutEnd(text: string): string {
  return text.replace(/\0+$/, '');
}
