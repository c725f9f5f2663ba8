// What people give that zflat does not read, told by name or first bytes, so that it is called what it is. Some would else be taken
// for something: an MRXS file begins as the JPEG of its preview, a VSI file as a small TIFF.
import { nameOfLocation, shownLocation } from '../bytes/location.js';
import { SlideError } from '../errors.js';

type ForeignFormat = {
  /** As it stands behind "is". */
  readonly what: string;
  readonly name: RegExp;
  /** First bytes, as Latin-1; those of films come after four others. */
  readonly marks?: readonly string[];
  readonly hint: string;
};

const converted = 'convert it to OME-TIFF or OME-Zarr, for example with bioformats2raw, or export a picture per plane';
const unpacked = 'unpack it, and give what is in it';

const foreignFormats: readonly ForeignFormat[] = [
  { what: 'a 3DHISTECH slide (MRXS)', name: /\.mrxs$/i, hint: converted },
  { what: 'an Olympus slide (VSI)', name: /\.(vsi|ets)$/i, marks: ['SIS\0'], hint: converted },
  { what: 'a Hamamatsu slide of many files (VMS, VMU)', name: /\.vm[su]$/i, hint: converted },
  { what: 'a Philips slide (iSyntax)', name: /\.i2?syntax$/i, hint: converted },
  { what: 'a Sakura slide (SVSLIDE)', name: /\.svslide$/i, marks: ['SQLite format 3\0'], hint: converted },
  { what: 'a Leica image file (LIF)', name: /\.(lif|lof|xlef)$/i, hint: converted },
  { what: 'a Nikon image file (ND2)', name: /\.nd2$/i, marks: ['\xda\xce\xbe\n'], hint: converted },
  { what: 'an Olympus image file (OIR, OIB, OIF)', name: /\.(oir|oib|oif|poir)$/i, hint: converted },
  { what: 'an HDF5 file', name: /\.(ims|h5|hdf5)$/i, marks: ['\x89HDF\r\n'], hint: converted },
  {
    what: 'a PDF document',
    name: /\.pdf$/i,
    marks: ['%PDF-'],
    hint: 'give the slide or the pictures it was made from',
  },
  { what: 'a ZIP archive', name: /\.(zip|ozx)$/i, marks: ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'], hint: unpacked },
  {
    what: 'an archive',
    name: /\.(tar|tgz|gz|7z|rar|bz2|xz)$/i,
    marks: ['\x1f\x8b', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07', 'BZh', '\xfd7zXZ\0'],
    hint: unpacked,
  },
  {
    what: 'a film',
    name: /\.(mp4|mov|avi|mkv|webm)$/i,
    marks: ['ftypisom', 'ftypmp4', 'ftypqt', 'ftypavc1', '\x1aE\xdf\xa3'],
    hint: 'export a picture per plane',
  },
  {
    what: 'a web page',
    name: /\.html?$/i,
    marks: ['<!DOCTYPE html', '<!doctype html', '<html'],
    hint: 'perhaps the server it was downloaded from wanted a login: fetch the slide itself',
  },
];

/** The refusal of a file that is of another program's making; undefined where it is not known to be. `head`: its first bytes, where they were read. */
export function foreignFile(location: string, head: Uint8Array = new Uint8Array()): SlideError | undefined {
  const name = nameOfLocation(location);
  const start = Buffer.from(head).toString('latin1');
  const isMarked = ({ marks = [] }: ForeignFormat) =>
    marks.some((mark) => start.startsWith(mark) || (mark.startsWith('ftyp') && start.startsWith(mark, 4)));
  const found = foreignFormats.find(isMarked) ?? foreignFormats.find((format) => format.name.test(name));
  if (!found) return undefined;
  const { what, hint } = found;
  return new SlideError('unsupported', `is ${what}, which zflat does not read`, {
    file: shownLocation(location),
    hint,
  });
}

/** The refusal of a place on a kind of server that zflat does not know. */
export function foreignPlace(location: string): SlideError {
  const [, scheme] = /^([^:]*):/.exec(location) ?? [];
  const hint =
    scheme.toLowerCase() === 'file' ? 'give the path itself' : 'give its https:// URL, or a copy on this machine';
  return new SlideError('usage', `zflat fetches nothing by ${scheme}://`, { file: location, hint });
}

/** Files that are slides by themselves, whatever lies beside them. */
const slideFile = /\.(ndpi|czi|scn|bif|zarr|companion\.ome)$/i;
const slidesNamed = 5;

/** The refusal of a folder that holds slides, each by itself, and no planes; undefined where it holds none. */
export function folderOfSlides(folder: string, names: readonly string[]): SlideError | undefined {
  // The files behind an MRXS slide lie in a folder of their own.
  if (names.some((name) => /^slidedat\.ini$/i.test(name))) return foreignFile(`${folder}.mrxs`)?.at({ file: folder });
  const slides = names.filter((name) => !name.startsWith('.') && (slideFile.test(name) || foreignFile(name)));
  const [first] = slides;
  if (first === undefined) return undefined;
  const foreign = slides.every((name) => foreignFile(name)) ? foreignFile(first) : undefined;
  const listed = slides.slice(0, slidesNamed).join(', ') + (slides.length > slidesNamed ? ', …' : '');
  const problem = `holds ${slides.length === 1 ? 'a slide' : `${slides.length} slides`} and no planes: ${listed}`;
  if (!foreign) return new SlideError('usage', problem, { file: folder, hint: 'give one of them' });
  return new SlideError('unsupported', `${problem}: ${first} ${foreign.problem}`, { file: folder, hint: foreign.hint });
}
