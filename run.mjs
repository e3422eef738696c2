#!/usr/bin/env node
/** Any command of `tillflow` from any Node: `node run.mjs order show K7Q4-MX2P`. The scripts of package.json go through here. */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

ensureInstalled();
process.exitCode = await runNode24([join(root, 'cli', 'main.ts'), ...process.argv.slice(2)]);
