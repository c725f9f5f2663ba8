// Where a value lies on an axis, and where its ticks are.

export type Scale = {
  /** 0 at the axis' start to 1 at its end; clamped. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
};

export function linearScale(low: number, high: number, steps = 5): Scale {
  const span = high - low || 1;
  const rough = span / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough - 1e-12) ?? rough;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + 1e-9 * span; tick += step) ticks.push(tick);
  return { at: (value) => clamp((value - low) / span), ticks };
}

/** For values above 0; ticks at 1, 2 and 5 times powers of ten. */
export function logScale(low: number, high: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const wide = to - from > 2.5;
  const ticks: number[] = [];
  for (let power = Math.floor(from); power <= Math.ceil(to); power++) {
    for (const factor of wide ? [1] : [1, 2, 5]) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return { at: (value) => clamp((Math.log10(Math.max(value, 1e-300)) - from) / (to - from || 1)), ticks };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** A tick as people write it: 0.1, 12, 1e-4. */
export function tickLabel(tick: number): string {
  const near = Number(tick.toPrecision(6));
  return near !== 0 && Math.abs(near) < 1e-3 ? near.toExponential().replace('e-', 'e−') : String(near);
}
