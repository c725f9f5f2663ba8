// What goes from a slide into the flattened one beside its pixels: pictures of the glass, names, dates. It may tell whose slide it is.
import type { WritingOptions } from '../options/writing.js';
import type { AssociatedImage, SlideInfo } from '../slide/slide-info.js';

export type CarriedMetadata = {
  /** The slide as the result tells of it. */
  readonly info: SlideInfo;
  /** Pictures that are copied. */
  readonly pictures: readonly AssociatedImage['kind'][];
  /** What else is carried over that may tell whose slide it is. */
  readonly carried: readonly string[];
  /** What is left out because it was asked for. */
  readonly removed: readonly string[];
};

/** What a slide without a name is called. */
const withoutName = 'de-identified slide';

/** What is carried over, and what is not. Names that people give, such as those of scenes, count as identifiers; objective and stain do not. */
export function carriedMetadata(
  info: SlideInfo,
  { label = true, macro = true, deidentify = false }: Pick<WritingOptions, 'label' | 'macro' | 'deidentify'>,
): CarriedMetadata {
  const isKept = ({ kind }: AssociatedImage) =>
    !deidentify && (kind !== 'label' || label) && (kind !== 'macro' || macro);
  const kept = info.associatedImages.filter(isKept);
  const left = info.associatedImages.filter((image) => !isKept(image)).map(({ kind }) => `${kind} image`);
  const named = [
    'name of the slide',
    'names of its files',
    ...(info.acquisitionDate === undefined ? [] : ['acquisition date']),
    ...(hasSceneNames(info) ? ['names of scenes'] : []),
  ];
  const pictures = kept.map(({ kind }) => kind);
  if (!deidentify) return { info: { ...info, associatedImages: kept }, pictures, carried: named, removed: left };
  return {
    info: {
      ...info,
      name: withoutName,
      files: [],
      acquisitionDate: undefined,
      associatedImages: kept,
      scenes: info.scenes?.map((scene) => ({ ...scene, name: undefined })),
      selection: withoutNames(info.selection),
      // They quote names of files and regions.
      notes: [],
    },
    pictures,
    carried: [],
    removed: [...left, ...named],
  };
}

function hasSceneNames({ scenes = [] }: SlideInfo): boolean {
  return scenes.some(({ name }) => name !== undefined);
}

/** Channels keep theirs: they are of stains. */
function withoutNames(selection: SlideInfo['selection']): SlideInfo['selection'] {
  return selection?.scene ? { ...selection, scene: { ...selection.scene, name: undefined } } : selection;
}
