// A coherent piece of the scene: a clump, an island, a layer, the dust on the glass.

/** Positions in pixels of level 0, heights in planes (0 is plane 0, 1.5 lies half way between planes 1 and 2). */
export type Sheet = {
  /** Decides everything random inside it. */
  readonly seed: number;
  /** Its centre, whole pixels: where it covers this point a particle lies exactly here, so that no small clump is empty. */
  readonly x: number;
  readonly y: number;
  /** Pixels from its centre beyond which it covers nothing; Infinity for a sheet without end. */
  readonly extent: number;
  /** How strongly it is stained: 1 is the texture as it is. */
  readonly opacity: number;
  /** Whether particles whose centre is here belong to it. */
  covers(x: number, y: number): boolean;
  heightAt(x: number, y: number): number;
};
