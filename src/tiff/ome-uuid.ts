// The UUIDs by which the files of an OME-TIFF set know one another.
import { looksLikeOmeXml } from './descriptions.js';

/** Of the root element: read without parsing the rest, which may describe a thousand planes. */
const rootUuid = /<(?:\w+:)?OME\s(?:[^>]*?\s)?UUID\s*=\s*["']([^"']+)["']/;

/** The UUID that OME-XML gives the file it is in; undefined where it gives none, or the text is none. */
export function uuidOfXml(text: string | undefined): string | undefined {
  return looksLikeOmeXml(text) ? rootUuid.exec(text)?.[1] : undefined;
}

/** Whether two UUIDs are the same, with or without `urn:uuid:`; never where one is missing. */
export function sameUuid(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && plain(a) === plain(b);
}

function plain(uuid: string): string {
  return uuid
    .trim()
    .toLowerCase()
    .replace(/^urn:uuid:/, '');
}
