// Drawings as SVG: their colours, and how one becomes a file of its own that is read on light and on dark paper.
import { html, Markup } from '../markup.js';

/** A drawing of known size; the origin of `body` is its upper left corner. */
export type Drawing = { readonly width: number; readonly height: number; readonly body: Markup };

/** Okabe & Ito (2008): told apart by colour-blind eyes too. */
export const palette = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#7a7a7a',
  '#b5a800',
] as const;

/** Light by attributes, which every program reads; dark by a rule that browsers follow. */
const dark =
  '@media (prefers-color-scheme:dark){.paper{fill:#14181e}text{fill:#e6eaef}.grid{stroke:#323b46}.mark{stroke:#e6eaef}}';

/** A drawing as a file; `description` is for those who can't see it. */
export function svgFile({ width, height, body }: Drawing, title: string, description = title): string {
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${description}" font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#222222">
<title>${title}</title>
<style>${new Markup(dark)}</style>
<rect class="paper" width="${width}" height="${height}" fill="#ffffff"/>
${body}
</svg>
`;
  return svg.text;
}

/** A length as it is written: to a tenth of a pixel. */
export function px(length: number): number {
  return Math.round(length * 10) / 10;
}
