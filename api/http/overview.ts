/** The HTML page that lists the routes; it loads no other resources. */
import type { TaggedRoute } from '../domain.ts';

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  td, th { border-bottom: 1px solid #ccc; padding: .4rem; text-align: left; vertical-align: top; }
  code { font-family: ui-monospace, monospace; white-space: nowrap; }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #8cf; } }`;

/** Renders the overview page as HTML. */
export function overviewPage(routes: readonly TaggedRoute[]): string {
  const tags = [...new Set(routes.map((route) => route.tag))];
  const sections = tags.map((tag) =>
    section(
      tag,
      routes.filter((route) => route.tag === tag),
    ),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Perennial API</title>
<style>${STYLE}</style></head>
<body><h1>Perennial API</h1><p>The full description is in <a href="/v1/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${sections.join('\n')}
</body></html>`;
}

function section(tag: string, routes: readonly TaggedRoute[]): string {
  const rows = routes.map((route) => {
    const key = route.open ? 'no' : 'yes';
    return `<tr><td><code>${route.method.toUpperCase()} ${escapeHtml(route.path)}</code></td><td>${escapeHtml(route.summary)}</td><td>${key}</td></tr>`;
  });
  return `<h2>${escapeHtml(tag)}</h2><table><tr><th>Route</th><th>What it is for</th><th>API key</th></tr>${rows.join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
