/** `npm start`: installs what is missing, then brings up the whole shop (cli/main.ts start). Runs on Node 20 and later. */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

ensureInstalled();
process.exitCode = await runNode24([join(root, 'cli', 'main.ts'), 'start', ...process.argv.slice(2)]);
