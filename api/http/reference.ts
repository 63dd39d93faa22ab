/** The page that shows the API with bodies and lets a reader try it; its program is Scalar, served by the API itself. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Response } from 'express';

/** Files of the page, below `/v1/docs/`. */
export const REFERENCE_FILES = ['scalar.js', 'start.js'] as const;

/** Name of the program in a published package, beside the compiled modules. */
export const PACKED_REFERENCE = 'dist/scalar.js';
/** The same program in the package that it comes from, with all that it needs. */
const INSTALLED = 'node_modules/@scalar/api-reference/dist/browser/standalone.js';

/**
 * Finds the program of the page.
 *
 * @param productDir - folder of the product
 * @returns `undefined` where packages for development are left out, as in an image
 */
export function findReference(productDir: string): string | undefined {
  return [PACKED_REFERENCE, INSTALLED].map((file) => path.join(productDir, file)).find((file) => existsSync(file));
}

/** Everything comes from the API; the program styles its elements one by one, and keeps small pictures in its code. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Perennial API</title><link rel="icon" href="data:,"></head>
<body><div id="reference"></div><script src="/v1/docs/scalar.js"></script><script src="/v1/docs/start.js"></script></body>
</html>`;

/** Turns off whatever would speak to another host. */
const OPTIONS = {
  url: '/v1/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  authentication: { preferredSecurityScheme: 'key' },
};
const START = `Scalar.createApiReference('#reference', ${JSON.stringify(OPTIONS)});\n`;

/** Sends the page. */
export function sendReference(response: Response): void {
  response.set('content-security-policy', POLICY).type('html').send(PAGE);
}

/** Sends a file of the page. */
export async function sendReferenceFile(
  program: string,
  name: (typeof REFERENCE_FILES)[number],
  response: Response,
): Promise<void> {
  response.type('text/javascript');
  response.send(name === 'start.js' ? START : await readFile(program));
}
