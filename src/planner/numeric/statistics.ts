// The few distributions that planning needs.

/** The scale of a logistic distribution whose standard deviation is 1. */
export const scaleOfSpread = Math.sqrt(3) / Math.PI;

/** Probability that a standard normal value is at most x, to 1.5e-7 (Abramowitz & Stegun, 7.1.26). */
export function normalProbability(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const upper = 0.5 * series * Math.exp(-z * z);
  return x > 0 ? 1 - upper : upper;
}

/**
 * The value that a chi-squared variable with `freedom` degrees of freedom (above 0, not necessarily whole) stays below with
 * `probability`, to 1e-9 of itself; unmeasured: finer than any interval is told.
 */
export function chiSquaredQuantile(probability: number, freedom: number): number {
  if (probability <= 0) return 0;
  // The distribution function is monotone: bracket, then bisect.
  let low = 0;
  let high = Math.max(1, freedom);
  while (gammaProbability(freedom / 2, high / 2) < probability) high *= 2;
  for (let i = 0; i < 100 && high - low > 1e-9 * high; i++) {
    const middle = (low + high) / 2;
    if (gammaProbability(freedom / 2, middle / 2) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised lower incomplete gamma function P(a, x): a series below a + 1, a continued fraction above (Numerical Recipes, 6.2). */
function gammaProbability(a: number, x: number): number {
  if (x <= 0) return 0;
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * 1e-14; n++) {
      term *= x / n;
      sum += term;
    }
    return sum * scale;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-14) break;
  }
  return 1 - scale * fraction;
}

/** ln of the gamma function, by Lanczos' approximation (g = 5, n = 6; Numerical Recipes, 6.1), to 2e-10. */
function logGamma(x: number): number {
  const coefficients = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 1.208650973866179e-3,
    -0.5395239384953e-5,
  ];
  const t = x + 5.5;
  const sum = coefficients.reduce((total, coefficient, i) => total + coefficient / (x + 1 + i), 1.000000000190015);
  return (x + 0.5) * Math.log(t) - t + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}
