/**
 * `npm run histories -- record` acts out every ending on real servers and keeps their histories; `-- check` replays what is kept on the
 * workflows as they are. Runs on Node 20 and later.
 */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

const words = {
  // What was recorded is replayed once all of it is there.
  record: [
    { files: ['test/workflows/budget.test.ts'], env: { RECORD_HISTORIES: '1' } },
    { files: ['test/histories'], env: {} },
  ],
  check: [{ files: ['test/histories'], env: {} }],
};
const [word, ...rest] = process.argv.slice(2);
const steps = Object.hasOwn(words, word ?? '') ? words[word] : undefined;
if (!steps || rest.length > 0) {
  process.stderr.write('Say what to do: npm run histories -- record, or npm run histories -- check.\n');
  process.exitCode = 2;
} else {
  ensureInstalled();
  for (const { files, env } of steps) {
    process.exitCode = await runNode24([join(root, 'test.mjs'), ...files], { env });
    if (process.exitCode !== 0) break;
  }
}
