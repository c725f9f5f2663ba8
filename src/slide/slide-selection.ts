// What of a file was taken for the slide, where there are several of a kind.

/** One of `count` of its kind. */
export type Taken = {
  /** What the file numbers it by, from 0 in most. */
  readonly index: number;
  readonly name: string | undefined;
  readonly count: number;
};

/** Kinds of which one is taken. */
export type SelectionPart = 'channel' | 'timepoint' | 'scene';

/** A part is missing where several were taken together, such as channels that are red, green and blue. */
export type SlideSelection = Readonly<Partial<Record<SelectionPart, Taken>>>;

const parts: readonly SelectionPart[] = ['channel', 'timepoint', 'scene'];

/** "channel DAPI (0 of 2), timepoint 0 of 3, scene TR1 (0 of 3)"; undefined where there was nothing to choose. */
export function selectionText(selection: SlideSelection | undefined): string | undefined {
  const told = parts.flatMap((part) => {
    const taken = selection?.[part];
    return taken && taken.count > 1 ? [`${part} ${takenText(taken)}`] : [];
  });
  return told.length > 0 ? told.join(', ') : undefined;
}

function takenText({ index, name, count }: Taken): string {
  const which = index < count ? `${index} of ${count}` : `${index}, one of ${count}`;
  return name === undefined ? which : `${name} (${which})`;
}
