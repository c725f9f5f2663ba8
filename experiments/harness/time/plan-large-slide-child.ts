// Plans the large slide once in a process of its own, as a command would; told on standard output, as JSON.
import { planLargeSlide } from './plan-large-slide.js';

const { outcome: _, ...figures } = planLargeSlide();
console.log(JSON.stringify(figures));
