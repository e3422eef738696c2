/** Which build this is. */
import { readFileSync } from 'node:fs';

export const build = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};
