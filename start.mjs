/** `npm start`: installs what is missing, then brings up the whole shop (supervisor/main.ts). Runs on Node 20 and later. */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

ensureInstalled();
const args = process.argv.slice(2);
// Without a wish of its own: a process that loads only what watching takes.
process.exitCode = await runNode24(
  args.length === 0 ? [join(root, 'supervisor', 'main.ts')] : [join(root, 'cli', 'main.ts'), 'start', ...args],
);
