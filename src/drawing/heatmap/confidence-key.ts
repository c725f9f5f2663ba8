// What faint and full colours mean.
import { scaleColour } from './colour-scale.js';
import { ink, mutedInk, type Panel, panelWidth, textSize } from './draw-figure.js';
import { drawText } from './draw-text.js';

const leastOpacity = 0.35;
const mostOpacity = 0.86;
const steps = 5;

/** Opacity of a tile's colour over the slide: a guess (0) is faint, certainty (1) full. */
export function confidenceOpacity(confidence: number): number {
  return leastOpacity + (mostOpacity - leastOpacity) * Math.min(1, Math.max(0, confidence));
}

export function confidenceKey(): Panel {
  const width = panelWidth / steps;
  return {
    height: 28 + 18 + 24,
    draw: (canvas, x, y) => {
      drawText(canvas, 'confidence', x, y + 13, { size: textSize, colour: mutedInk });
      for (let step = 0; step < steps; step++) {
        const left = Math.round(step * width);
        const part = { x: x + left, y: y + 28, width: Math.round((step + 1) * width) - left, height: 18 };
        canvas.fillRect(part, scaleColour(0.35), confidenceOpacity(step / (steps - 1)));
      }
      drawText(canvas, 'a guess', x, y + 66, { size: textSize, colour: ink });
      drawText(canvas, 'certain', x + panelWidth, y + 66, { size: textSize, colour: ink, align: 'right' });
    },
  };
}
