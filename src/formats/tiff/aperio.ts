// What Aperio writes into an image description (SVS): "Aperio …|AppMag = 20|MPP = 0.5|…".

export type AperioFacts = { readonly magnification: number | undefined; readonly micronsPerPixel: number | undefined };

/** The facts of a description; undefined where Aperio did not write it. */
export function parseAperio(description: string | undefined): AperioFacts | undefined {
  if (!description?.startsWith('Aperio')) return undefined;
  const field = (name: string) => {
    const value = Number(new RegExp(`\\|\\s*${name}\\s*=\\s*([0-9.]+)`).exec(description)?.[1]);
    return value > 0 ? value : undefined;
  };
  return { magnification: field('AppMag'), micronsPerPixel: field('MPP') };
}
