// What Ventana (Roche) writes into the XMP tags of a BIF file: the scan (element iScan) and, with level 0, how its camera frames
// overlap (elements TileJointInfo).

export type VentanaScan = {
  readonly layers: number | undefined;
  /** Micrometres between layers. */
  readonly spacingUm: number | undefined;
  readonly micronsPerPixel: number | undefined;
  readonly magnification: number | undefined;
};

/** What an XMP tag says of the scan; undefined where it says nothing of one. */
export function parseVentana(xmp: string | undefined): VentanaScan | undefined {
  const found = /<iScan\b([^>]{0,16384})>/.exec(xmp ?? '');
  if (!found) return undefined;
  const attributes = attributesOf(found[1]);
  const positive = (name: string) => {
    const value = Number(attributes.get(name) ?? Number.NaN);
    return value > 0 && Number.isFinite(value) ? value : undefined;
  };
  return {
    layers: positive('Z-layers'),
    spacingUm: positive('Z-spacing'),
    micronsPerPixel: positive('ScanRes'),
    magnification: positive('Magnification'),
  };
}

/** Pixels by which neighbouring frames overlap at most; undefined where the tag does not say how frames join. */
export function greatestOverlap(xmp: string | undefined): number | undefined {
  let greatest: number | undefined;
  for (const [, text] of (xmp ?? '').matchAll(/<TileJointInfo\b([^>]{0,4096})>/g)) {
    const attributes = attributesOf(text);
    const pixels = (name: string) => Math.abs(Number(attributes.get(name) ?? 0)) || 0;
    const joined = attributes.get('FlagJoined') !== '0';
    greatest = Math.max(greatest ?? 0, joined ? Math.max(pixels('OverlapX'), pixels('OverlapY')) : 0);
  }
  return greatest;
}

/**
 * Where each plane is stored, planes from the lowest up: the plane in nominal focus comes first, then those nearer to the slide, away
 * from it, then those farther. `count` is odd.
 */
export function storedOrder(count: number): number[] {
  const middle = (count - 1) / 2;
  return Array.from({ length: count }, (_, plane) => (plane <= middle ? middle - plane : plane));
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([\w:-]{1,64})\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, double, single]) => [
      name,
      double ?? single,
    ]),
  );
}
