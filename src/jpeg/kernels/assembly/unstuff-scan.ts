// Unstuffs a scan, sixteen bytes at a time: see ../../scan-words.ts.

/** A decoder may read so many words beyond the end before it looks at its position; one more, as it takes two at a time. */
const overrunBytes = 65 * 4;

/**
 * The bits of a scan of `length` bytes that ends with EOI, into `words`; -1 where it can't be had, or has more than `mostSegments`
 * restart intervals. `segmentStarts` takes how many there are, then where each begins.
 */
export function unstuffScan(bytes: usize, length: i32, words: usize, segmentStarts: usize, mostSegments: i32): i32 {
  const end = bytes + length;
  let at = bytes;
  let out = words;
  let segments = 1;
  store<i32>(segmentStarts, 0, 4);
  while (at < end) {
    while (at + 16 <= end) {
      const sixteen = v128.load(at);
      if (v128.any_true(i8x16.eq(sixteen, i8x16.splat(-1)))) break;
      v128.store(out, v128.shuffle<u8>(sixteen, sixteen, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12));
      out += 16;
      at += 16;
    }
    // Four words byte by byte, past stuffing and markers
    for (let done = 0; done < 4; done++) {
      let word: u32 = 0;
      let filled = 0;
      while (filled < 4) {
        if (at >= end) return -1;
        const byte = <u32>load<u8>(at++);
        if (byte === 0xff) {
          if (at >= end) return -1;
          const next = <u32>load<u8>(at);
          if (next === 0xff) continue; // a fill byte
          at++;
          if (next !== 0) {
            const bits = 8 * (<i32>(out - words) + filled);
            if (next === 0xd9) {
              store<u32>(out, filled === 0 ? 0 : word << (32 - 8 * filled));
              memory.fill(out + 4, 0, overrunBytes);
              store<i32>(segmentStarts, segments);
              return bits;
            }
            if (next !== 0xd0 + ((segments - 1) & 7) || segments === mostSegments) return -1;
            segments++;
            store<i32>(segmentStarts + (segments << 2), bits);
            continue;
          }
        }
        word = (word << 8) | byte;
        filled++;
      }
      store<u32>(out, word);
      out += 4;
    }
  }
  return -1;
}
