/** `npm run faults [-- name...]`: breaks the product on purpose. Runs on Node 20 and later. */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from '../../../supervisor/launch.mjs';

ensureInstalled();
process.exitCode = await runNode24([join(root, 'test', 'faults', 'harness', 'main.ts'), ...process.argv.slice(2)]);
