// How blurred a thing is that lies out of focus. Geometric optics: the blur circle's radius grows in proportion to the
// distance from focus, dz NA / n (Pentland, "A new sense for depth of field", PAMI 1987, who also takes a Gaussian for it).
// What diffraction blurs even in focus is part of the texture; variances add, so distance only adds its own.

/** Sigmas in pixels of the blurs kept of every texture, each about 1.5 times the one before. */
const sigmas = [0, 0.5, 0.75, 1.1, 1.65, 2.5, 3.75, 5.5, 8.25, 12.5] as const;

/** How many blurs of a texture there are; blur 0 is the texture itself. */
export const blurCount = sigmas.length;

/** Pixels; more blur than this looks the same. */
export const greatestSigma = sigmas[blurCount - 1];

/** The sigma of a blur, 0 to blurCount - 1, in pixels. */
export function sigmaOf(blur: number): number {
  return sigmas[blur];
}

/** A blur between two kept ones: `share` (0 to 1, excluded) of the next one, the rest of `blur`. */
export type Defocus = { readonly blur: number; readonly share: number };

/** No blur at all. */
export const inFocus: Defocus = { blur: 0, share: 0 };

/** The blur at a distance (in planes, either sign) where sigma grows by `blurPerPlane` pixels a plane. */
export function defocusAt(distance: number, blurPerPlane: number): Defocus {
  const sigma = Math.abs(distance) * blurPerPlane;
  if (sigma >= greatestSigma) return { blur: blurCount - 1, share: 0 };
  let blur = 0;
  while (sigmas[blur + 1] <= sigma) blur++;
  // a mixture of two Gaussians has the mean of their variances: mixed so, the variance is exact at every distance
  const low = sigmas[blur] ** 2;
  const high = sigmas[blur + 1] ** 2;
  return { blur, share: (sigma ** 2 - low) / (high - low) };
}
