// Pages as tests see them: their tags, and the text that a reader sees.

/** The tags of a page, in order, with their attributes. */
export function tagsOf(page: string): string[] {
  return page.match(/<[^>]*>/g) ?? [];
}

/** What a reader sees: without style, pictures' data and the JSON at the end. */
export function visibleText(page: string): string {
  return page
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<script>[\s\S]*<\/script>/, '')
    .replace(/<details>[\s\S]*<\/details>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}

/** All numbers in a record, with the path that leads to each. */
export function numbersIn(value: unknown, path = ''): { readonly path: string; readonly number: number }[] {
  if (typeof value === 'number') return [{ path, number: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${path}.${key}`));
}

/** The record with every text in it, and every name that `renamed` picks, put through `change`. */
export function changeTexts<T>(
  value: T,
  change: (text: string) => string,
  renamed: (path: string) => boolean,
  path = '',
): T {
  if (typeof value === 'string') return change(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => changeTexts(inner, change, renamed, path)) as T;
  const entries = Object.entries(value).map(([key, inner]) => [
    renamed(path) ? change(key) : key,
    changeTexts(inner, change, renamed, `${path}.${key}`),
  ]);
  return Object.fromEntries(entries) as T;
}
