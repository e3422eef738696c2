/**
 * Load hook for `.tsx`, given with `node --import ./web/load-tsx.mjs`: Node strips types itself but knows no JSX.
 * Only processes that serve pages need it. What esbuild made is kept by content hash, so a second start transforms nothing.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const options = {
  loader: 'tsx',
  format: 'esm',
  target: 'es2024',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  sourcemap: 'inline',
  tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
};
const cacheDir = fileURLToPath(new URL('../node_modules/.cache/tillflow-tsx/', import.meta.url));
const require = createRequire(import.meta.url);

/** Transforms one file's text, or returns what an earlier start made of the same text. */
function transform(source, path) {
  const hash = createHash('sha256').update(JSON.stringify(options)).update(path).update(source).digest('hex').slice(0, 32);
  const cached = join(cacheDir, `${hash}.js`);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    // Not made yet.
  }
  const { code } = require('esbuild').transformSync(source, { ...options, sourcefile: path });
  try {
    mkdirSync(cacheDir, { recursive: true });
    const half = `${cached}.${process.pid}`;
    writeFileSync(half, code);
    renameSync(half, cached);
  } catch {
    // A read-only node_modules costs a transform at each start, nothing else.
  }
  return code;
}

registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.tsx')) return nextLoad(url, context);
    const path = fileURLToPath(url);
    return { format: 'module', source: transform(readFileSync(path, 'utf8'), path), shortCircuit: true };
  },
});
