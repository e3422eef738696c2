/** The project's source files and what each imports, for tests of its structure. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceImport {
  readonly specifier: string;
  /** Path inside the project for relative imports, else undefined. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

export interface Source {
  /** Path from the project's root. */
  readonly path: string;
  /** Without comments. */
  readonly code: string;
  readonly imports: readonly SourceImport[];
}

const statement = /^[ \t]*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** Comments hold examples of what the rules forbid. A `//` after a colon is an address. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

/** Reads the sources below these folders. */
export function readSources(...folders: string[]): Source[] {
  const patterns = folders.map((folder) => `${folder}/**/*.{ts,tsx,mjs}`);
  return globSync(patterns, { cwd: root })
    .filter((path) => !path.includes('node_modules'))
    .sort()
    .map((path) => {
      const code = withoutComments(readFileSync(join(root, path), 'utf8'));
      const imports = [...code.matchAll(statement)].map((match) => {
        const specifier = match[2] ?? match[3] ?? '';
        const target = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined;
        return { specifier, target, typeOnly: match[1] !== undefined };
      });
      return { path, code, imports };
    });
}
