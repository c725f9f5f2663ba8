// HTML from templates in which every value is escaped, so that no text of a slide or a file name can become markup.

/** A piece of HTML that is safe to place in another. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: text and numbers are escaped, pieces of HTML go in as they are, undefined and false leave nothing. */
export type HtmlValue = string | number | Markup | readonly HtmlValue[] | undefined | false;

/** Template tag: html`<b title="${text}">${text}</b>`. Attributes must be quoted. */
export function html(template: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  return new Markup(template.map((part, i) => (i < values.length ? part + markupOf(values[i]) : part)).join(''));
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters but for tab and line ends, halves of surrogate pairs, and two that are no characters.
const forbidden = /[^\P{Control}\t\n\r]|\p{Surrogate}|[\ufffe\uffff]/gu;

/** Text as HTML shows it; characters that no document may hold are shown as U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (sign) => escapes[sign]);
}

function markupOf(value: HtmlValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  return typeof value === 'object' ? value.map(markupOf).join('') : escapeHtml(String(value));
}
