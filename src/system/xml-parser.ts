// XML as every format here reads it: attributes beside elements, all values as text, names without their namespaces. Read from front to
// back into what is kept, so that memory stays within a few times the text, whatever stands in it.
import { entityText } from './xml-entities.js';

export type XmlElement = Record<string, unknown>;

export type XmlOptions = {
  /** Elements of these names are answered as lists, also where there is one. */
  readonly lists?: ReadonlySet<string> | undefined;
  /** Elements whose content is of no use, by their parent's name and their own ("a/b"): they are as if they were empty. */
  readonly skipped?: ReadonlySet<string> | undefined;
  /** What stands before the names of attributes, to tell them from elements. */
  readonly attributePrefix?: string | undefined;
};

/** Characters of XML at most: a million planes take some 300 bytes each, in files of their own. */
export const maxXmlLength = 2 ** 26;
/** Elements that lie within one another at most. */
const maxDepth = 200;
/** Bytes that what is kept may take, of each character: what asks for more says next to nothing in very many elements. */
const maxGrowth = 6;
/** Of short texts, whatever they take. */
const freeBytes = 2 ** 20;
/** unmeasured: bytes of an element with attributes or content, of a text, and of a place in a list, in V8. */
const bytesOf = { element: 64, attribute: 12, text: 24, place: 32 };

/** Texts that are kept once, at most. */
const maxInterned = 4096;

const space = /[ \t\r\n]/;
/** A name ends before these. */
const nameEnd = /[\s/>=<"'&?]/g;
const attribute = /[ \t\r\n]*([^\s/>=<"'&?]+)[ \t\r\n]*=[ \t\r\n]*("[^"<]*"|'[^'<]*')/y;

type Open = {
  readonly name: string;
  readonly local: string;
  element: XmlElement | undefined;
  text: string;
  readonly skipped: boolean;
};

/** What a document says, by the name of its root; throws an Error where it is not well formed, or too long. */
export function parseXml(xml: string, options: XmlOptions = {}): XmlElement {
  if (xml.length > maxXmlLength) throw new Error(`it has ${xml.length} characters, ${maxXmlLength} are read at most`);
  return new XmlReader(xml, options).read();
}

class XmlReader {
  readonly #xml: string;
  readonly #lists: ReadonlySet<string>;
  readonly #skipped: ReadonlySet<string>;
  readonly #prefix: string;
  readonly #root: XmlElement = {};
  readonly #open: Open[] = [];
  readonly #texts = new Map<string, string>();
  #at = 0;
  #bytes = 0;

  constructor(xml: string, { lists = new Set(), skipped = new Set(), attributePrefix = '' }: XmlOptions) {
    this.#xml = xml;
    this.#lists = lists;
    this.#skipped = skipped;
    this.#prefix = attributePrefix;
  }

  read(): XmlElement {
    const xml = this.#xml;
    if (xml.startsWith('\ufeff')) this.#at = 1;
    let roots = 0;
    while (this.#at < xml.length) {
      const tag = xml.indexOf('<', this.#at);
      this.#addText(xml.slice(this.#at, tag < 0 ? undefined : tag), true);
      if (tag < 0) break;
      this.#at = tag + 1;
      const next = xml[this.#at];
      if (next === '!') this.#declaration();
      else if (next === '?') this.#at = this.#after('?>', 'an instruction');
      else if (next === '/') this.#end();
      else {
        if (this.#open.length === 0 && ++roots > 1) throw this.#error('there is more than one root element');
        this.#start();
      }
    }
    const left = this.#open.at(-1);
    if (left) throw this.#error(`<${left.name}> has no end`);
    if (roots === 0) throw this.#error('there is no element');
    return this.#root;
  }

  #start(): void {
    const xml = this.#xml;
    const name = this.#interned(this.#name());
    if (this.#open.length >= maxDepth) throw this.#error(`more than ${maxDepth} elements lie in one another`);
    // Of many elements, most are no more than this.
    if (xml.startsWith('/>', this.#at)) {
      this.#at += 2;
      this.#place(this.#interned(localName(name)), '');
      return;
    }
    const local = this.#interned(localName(name));
    const around = this.#open.at(-1);
    const within = around?.skipped ?? false;
    const skipped = within || (this.#skipped.size > 0 && this.#skipped.has(`${around?.local}/${local}`));
    const open: Open = { name, local, element: undefined, text: '', skipped };
    for (;;) {
      attribute.lastIndex = this.#at;
      const found = space.test(xml[this.#at] ?? '') ? attribute.exec(xml) : null;
      if (!found) break;
      this.#at = attribute.lastIndex;
      if (!within) this.#addAttribute(open, found[1], found[2].slice(1, -1));
    }
    while (space.test(xml[this.#at] ?? '')) this.#at++;
    if (xml.startsWith('/>', this.#at)) {
      this.#at += 2;
      this.#close(open);
    } else if (xml[this.#at] === '>') {
      this.#at++;
      this.#open.push(open);
    } else throw this.#error(`<${short(name)}> is not written as elements are`);
  }

  #addAttribute(open: Open, name: string, value: string): void {
    if (name.startsWith('xmlns:')) return;
    open.element ??= this.#newElement();
    const key = this.#interned(this.#prefix + localName(name));
    if (Object.hasOwn(open.element, key))
      throw this.#error(`<${short(open.name)}> has its attribute ${short(name)} twice`);
    this.#take(bytesOf.attribute);
    this.#put(open.element, key, this.#kept(entityText(value).trim()));
  }

  #end(): void {
    this.#at++;
    const name = this.#name();
    while (space.test(this.#xml[this.#at] ?? '')) this.#at++;
    const open = this.#open.pop();
    if (open?.name !== name || this.#xml[this.#at] !== '>') {
      throw this.#error(`</${short(name)}> ends ${open ? `<${short(open.name)}>` : 'nothing'}`);
    }
    this.#at++;
    this.#close(open);
  }

  /** Comments, CDATA and the type of the document, which declares nothing that is used here. */
  #declaration(): void {
    const xml = this.#xml;
    if (xml.startsWith('!--', this.#at)) this.#at = this.#after('-->', 'a comment', 3);
    else if (xml.startsWith('![CDATA[', this.#at)) {
      const from = this.#at + 8;
      this.#at = this.#after(']]>', 'CDATA');
      this.#addText(xml.slice(from, this.#at - 3), false);
    } else if (xml.startsWith('!DOCTYPE', this.#at) && this.#open.length === 0) {
      const subset = xml.indexOf('[', this.#at);
      const end = this.#after('>', 'the document type');
      this.#at = subset >= 0 && subset < end ? this.#after(']', 'the document type') : end;
      if (subset >= 0 && subset < end) this.#at = this.#after('>', 'the document type');
    } else throw this.#error('a declaration stands where none may');
  }

  #addText(text: string, withEntities: boolean): void {
    const open = this.#open.at(-1);
    if (!open) {
      if (text.trim() !== '') throw this.#error('text stands outside the root element');
      return;
    }
    if (open.skipped || text === '') return;
    const content = withEntities ? entityText(text).trim() : text;
    if (content === '') return;
    this.#take(bytesOf.text + content.length);
    // A copy: a part would keep the whole document.
    open.text += this.#kept(content);
  }

  #close({ local, element, text, skipped }: Open): void {
    if (element && text !== '') this.#put(element, '#text', text);
    this.#place(local, element ?? (skipped ? '' : text));
  }

  /** Puts an element into the one around it. */
  #place(local: string, value: unknown): void {
    const around = this.#open.at(-1);
    if (around?.skipped) return;
    if (around) around.element ??= this.#newElement();
    const parent = around?.element ?? this.#root;
    const before = Object.hasOwn(parent, local) ? parent[local] : undefined;
    this.#take(bytesOf.place);
    if (before === undefined) this.#put(parent, local, this.#lists.has(local) ? [value] : value);
    else if (Array.isArray(before)) before.push(value);
    else this.#put(parent, local, [before, value]);
  }

  #newElement(): XmlElement {
    this.#take(bytesOf.element);
    return {};
  }

  /** A name like __proto__ must be one like any other. */
  #put(element: XmlElement, key: string, value: unknown): void {
    if (key === '__proto__')
      Object.defineProperty(element, key, { value, writable: true, enumerable: true, configurable: true });
    else element[key] = value;
  }

  /** A string of its own: a part of the document would keep all of it. */
  #kept(text: string): string {
    if (text.length < 13) return this.#interned(text);
    this.#take(bytesOf.text + text.length);
    return Buffer.from(text, 'utf16le').toString('utf16le');
  }

  /** One string for texts that are the same: names and short values come again and again. */
  #interned(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#take(bytesOf.text);
    if (this.#texts.size < maxInterned) this.#texts.set(text, text);
    return text;
  }

  #take(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= freeBytes + maxGrowth * this.#xml.length) return;
    throw this.#error('it says so little in so many elements that it would take far more memory than it is long');
  }

  #name(): string {
    nameEnd.lastIndex = this.#at;
    const end = nameEnd.exec(this.#xml)?.index ?? this.#xml.length;
    if (end === this.#at) throw this.#error('an element has no name');
    const name = this.#xml.slice(this.#at, end);
    this.#at = end;
    return name;
  }

  /** Where what ends with `mark` is over. */
  #after(mark: string, what: string, skip = 0): number {
    const end = this.#xml.indexOf(mark, this.#at + skip);
    if (end < 0) throw this.#error(`${what} has no end`);
    return end + mark.length;
  }

  #error(problem: string): Error {
    return new Error(`${problem}, at character ${this.#at}`);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
