// V8 optimises what ran for a moment, on other threads; most runs are over before that has paid, and the cores are wanted. Four times
// its usual patience makes runs of a second a tenth shorter, and those of several seconds no longer. Nor does it pay to optimise a
// function once more inside each of its callers: a third of what V8 would inline takes another twentieth off runs of a second or two.

/** How the process of a command compiles: flags of V8. */
export const v8Flags = ['--interrupt-budget=270336', '--max-inlined-bytecode-size-cumulative=300'] as const;
