// The number that stands for nothing.

/** Keeps divisors and arguments of logarithms above 0; unmeasured: it is far below any F, loss or share that matters. */
export const negligible = 1e-9;
