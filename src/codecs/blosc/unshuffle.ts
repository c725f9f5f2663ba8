// What Blosc does to bytes before it compresses them, undone: samples were cut into bytes, or into bits, and like put to like.

/** Bytes of one rank lie together: first the low ones of all samples, then the next. What is no whole sample stays at the end. */
export function unshuffleBytes(bytes: Uint8Array, target: Uint8Array, sampleBytes: number): void {
  const samples = Math.floor(bytes.length / sampleBytes);
  for (let rank = 0, from = 0; rank < sampleBytes; rank++) {
    for (let to = rank, i = 0; i < samples; i++, to += sampleBytes) target[to] = bytes[from++];
  }
  const whole = samples * sampleBytes;
  target.set(bytes.subarray(whole), whole);
}

/** Bits of one rank lie together, eight samples a byte, the first in the lowest bit. Where samples are not eights, nothing was done. */
export function unshuffleBits(bytes: Uint8Array, target: Uint8Array, sampleBytes: number): void {
  const samples = Math.floor(bytes.length / sampleBytes);
  if (samples % 8 !== 0) {
    target.set(bytes);
    return;
  }
  const whole = samples * sampleBytes;
  target.fill(0, 0, whole);
  for (let rank = 0, from = 0; rank < 8 * sampleBytes; rank++) {
    const mask = 1 << (rank & 7);
    for (let to = rank >> 3; to < whole; from++) {
      const bits = bytes[from];
      for (let bit = 1; bit < 256; bit <<= 1, to += sampleBytes) if (bits & bit) target[to] |= mask;
    }
  }
  target.set(bytes.subarray(whole), whole);
}
