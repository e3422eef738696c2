/** The public calls, described for programs and for people. Made once: it changes with the build alone. */
import { Hono } from 'hono';
import type { ApiContext } from '../context.ts';
import { makeDocument } from '../openapi/document.ts';
import { renderPage } from '../openapi/page.ts';
import { build } from '../build.ts';

export function createDocsRoutes({ config }: Pick<ApiContext, 'config'>) {
  const document = makeDocument({ version: build.version, publicUrl: config.publicUrl });
  const page = renderPage(document);
  return new Hono().get('/openapi.json', (c) => c.json(document)).get('/docs', (c) => c.html(page));
}
