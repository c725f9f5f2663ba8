// XML as every format here reads it: attributes beside elements, all values as text, names without their namespaces.
import { XMLParser } from 'fast-xml-parser';

/** Names that are HTML's and stand in XML all the same, in the units of lengths. */
const foreignEntities = { micro: '\u00b5', mu: '\u03bc', Aring: '\u00c5' };

/** A parser that answers elements of these names as lists, also where there is one. */
export function xmlParser(lists: ReadonlySet<string> = new Set()): XMLParser {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => lists.has(name),
    // With these, references by number are understood too: &#181; and &#xB5;.
    htmlEntities: true,
  });
  for (const [name, character] of Object.entries(foreignEntities)) parser.addEntity(name, character);
  return parser;
}
