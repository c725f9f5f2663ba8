// XML as every format here reads it: attributes beside elements, all values as text, names without their namespaces.
import { XMLParser } from 'fast-xml-parser';

/** A parser that answers elements of these names as lists, also where there is one. */
export function xmlParser(lists: ReadonlySet<string> = new Set()): XMLParser {
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => lists.has(name),
  });
}
