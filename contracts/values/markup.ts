/** Builds HTML that no value can break out of: values are escaped, and only markup made here is inserted unchanged. */

/** HTML whose values are already escaped. */
export class Markup {
  readonly html: string;

  /** Takes HTML unchanged: for literals of this program only, never for values from outside. */
  constructor(html: string) {
    this.html = html;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A template whose values are escaped unless they are {@link Markup} themselves. */
export function markup(
  literals: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  const parts = literals.map((literal, index) => {
    const value = values[index];
    return value === undefined ? literal : literal + htmlOf(value);
  });
  return new Markup(parts.join(''));
}

function htmlOf(value: string | Markup | readonly Markup[]): string {
  if (typeof value === 'string') return escapeHtml(value);
  return value instanceof Markup ? value.html : value.map(({ html }) => html).join('');
}
