// The logistic distribution by its standard deviation.

/** The scale of a logistic distribution whose standard deviation is 1. */
export const scaleOfSpread: number = Math.sqrt(3) / Math.PI;
