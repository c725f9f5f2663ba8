// The real stacks, measured.
import type { MeasuredSlide } from '../record/measure-slide.js';
import { slideFile, slides } from './slides.js';
import { measuredSlide } from './slides-of-truth.js';

export async function measuredStacks(): Promise<{ readonly name: string; readonly measured: MeasuredSlide }[]> {
  const found = [];
  for (const slide of slides.filter(({ kind }) => kind === 'real')) {
    const file = await slideFile(slide);
    if (file !== undefined) found.push({ name: slide.name, measured: await measuredSlide(slide.name, file) });
  }
  return found;
}
