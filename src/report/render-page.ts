// The shell of every page: one file that needs no network, may load nothing, and runs no script but its own.
import { createHash } from 'node:crypto';
import { html, Markup } from '../drawing/markup.js';
import { pageStyle } from './page-style.js';
import type { SlidePicture } from './slide-picture.js';

export type Page = {
  readonly title: string;
  /** Pictures side by side need more room than text. */
  readonly wide?: boolean;
  readonly body: Markup;
  /** What the page runs, in JavaScript without `<` and `&`; the page can be read without it, too. */
  readonly script?: string;
  /** What the page was made from; other programs can take it out again. */
  readonly data: unknown;
  readonly software: string;
};

const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** The page as the text of an HTML file, which is well-formed XML too. */
export function renderPage({ title, wide, body, script, data, software }: Page): string {
  const hash = script === undefined ? '' : createHash('sha256').update(script).digest('base64');
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="${policy}${script !== undefined && `; script-src 'sha256-${hash}'`}"/>
<title>${title}</title>
<style>${new Markup(pageStyle)}</style>
</head>
<body>
<main class="${wide ? 'wide' : 'text'}">
${body}
<details>
<summary>All figures as JSON</summary>
<pre>${JSON.stringify(data, undefined, 2)}</pre>
</details>
<footer>Made by ${software}. This page is one file: it can be mailed, printed and kept.</footer>
</main>
${script !== undefined && html`<script>${new Markup(script)}</script>`}
</body>
</html>
`;
  return page.text;
}

/** A PNG inside the page. */
export function pictureOf(png: Uint8Array, description: string): Markup {
  return html`<img src="data:image/png;base64,${base64(png)}" alt="${description}"/>`;
}

/** A JPEG inside the page, at its own size. */
export function photographOf({ width, height, jpeg }: SlidePicture, description: string): Markup {
  return html`<img width="${width}" height="${height}" src="data:image/jpeg;base64,${base64(jpeg)}" alt="${description}"/>`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** A table of names and values. */
export function factTable(facts: readonly (readonly [name: string, value: string | Markup])[]): Markup {
  return html`<table class="facts"><tbody>
${facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody></table>`;
}

/** A bar in a table cell; `share` of the cell's width, 0 to 1. */
export function barOf(share: number): Markup {
  return html`<span class="bar" style="width:${(Math.min(1, Math.max(0, share || 0)) * 100).toFixed(1)}%"></span>`;
}

/** What a person should know, above all else; nothing where there is nothing. */
export function notesBox(notes: readonly string[]): Markup {
  if (notes.length === 0) return html``;
  return html`<section class="notes"><h2>Worth knowing</h2><ul>
${notes.map((note) => html`<li>${note}</li>\n`)}</ul></section>`;
}
