// The focal planes of a z-stack, lowest first.

export type FocalPlane = {
  /** Index of the plane; 0 is the lowest z. */
  readonly plane: number;
  /** Height in micrometres; undefined where the slide does not say. */
  readonly zUm: number | undefined;
};

/** More planes than any slide has: a file that tells of more is damaged. */
export const maxPlanes = 10_000;

/** Planes at even heights: `stepUm` apart from 0 upwards, or without heights. */
export function evenPlanes(count: number, stepUm?: number): FocalPlane[] {
  return Array.from({ length: count }, (_, plane) => ({
    plane,
    zUm: stepUm === undefined ? undefined : roundUm(plane * stepUm),
  }));
}

/** Heights as numbers, planes without one counted by index. */
export function planeHeights(planes: readonly FocalPlane[]): number[] {
  return planes.every(({ zUm }) => zUm !== undefined)
    ? planes.map(({ zUm }) => zUm as number)
    : planes.map(({ plane }) => plane);
}

/** Micrometres without the noise of binary fractions: 0.30000000000000004 is 0.3. */
export function roundUm(um: number): number {
  return Math.round(um * 1e6) / 1e6;
}
