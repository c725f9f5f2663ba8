// V8 optimises what ran for a moment, on other threads; most runs are over before that has paid, and the cores are wanted. Four times
// its usual patience makes runs of a second a tenth shorter, and those of several seconds no longer.

/** How the process of a command compiles. */
export const v8Flags = '--interrupt-budget=270336';
