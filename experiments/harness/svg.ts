// Pictures of results, as SVG written by hand: elements, colours, and charts set side by side.

/** A drawing of known size; `body` is SVG whose origin is its top left corner. */
export type Drawing = { readonly width: number; readonly height: number; readonly body: string };

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
export const ink = '#222222';
export const faint = '#dddddd';

export function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${more}>${escaped(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, colour: string, more = ''): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" ${more}/>`;
}

export function rect(x: number, y: number, width: number, height: number, colour: string, more = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" ${more}/>`;
}

export function circle(x: number, y: number, radius: number, colour: string, more = ''): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${colour}" ${more}/>`;
}

export function polyline(points: readonly (readonly [number, number])[], colour: string, more = ''): string {
  const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" ${more}/>`;
}

/** Drawings side by side, `columns` in a row, under a title. */
export function panels(drawings: readonly Drawing[], columns: number, title?: string): Drawing {
  const top = title === undefined ? 0 : 34;
  const across = Math.max(...drawings.map(({ width }) => width));
  const down = Math.max(...drawings.map(({ height }) => height));
  const body = drawings.map(
    (drawing, i) =>
      `<g transform="translate(${(i % columns) * across} ${top + Math.floor(i / columns) * down})">${drawing.body}</g>`,
  );
  if (title !== undefined) body.unshift(text(16, 24, title, 'font-size="16" font-weight="600"'));
  const rows = Math.ceil(drawings.length / columns);
  return { width: across * Math.min(columns, drawings.length), height: top + down * rows, body: body.join('\n') };
}

/** A drawing as a file of its own; `title` is for those who can't see it. */
export function svgFile({ width, height, body }: Drawing, title: string): string {
  const style = `font-family="Helvetica, Arial, sans-serif" font-size="11" fill="${ink}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${style}>`,
    `<title>${escaped(title)}</title>`,
    rect(0, 0, width, height, '#ffffff'),
    body,
    '</svg>\n',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
