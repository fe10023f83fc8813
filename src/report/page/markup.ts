import { readableText } from '../drawing/readable-text.js';

/** HTML that is ready to stand on a page; only `html` makes it, so data can never pass for it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = string | number | Markup | undefined | readonly Content[];

/** Tagged template of HTML: every value is escaped unless it is Markup itself; lists are joined. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(toText)));
}

/** Trusts `text` to be HTML: for figures drawn here and style sheets, never for what a user gave. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function toText(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'string' || typeof content === 'number')
    return escapeText(String(content));
  return content.map(toText).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return readableText(text).replace(/[&<>"']/g, (character) => entities[character]);
}
