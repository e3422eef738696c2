/**
 * `npm run histories -- record` acts out every ending on real servers and keeps their histories; `-- check` replays what is kept on the
 * workflows as they are. Runs on Node 20 and later.
 */
import { join } from 'node:path';
import { ensureInstalled, root, runNode24 } from './supervisor/launch.mjs';

const words = {
  record: { files: ['test/workflows/budget.test.ts', 'test/histories'], env: { RECORD_HISTORIES: '1' } },
  check: { files: ['test/histories'], env: {} },
};
const [word, ...rest] = process.argv.slice(2);
const wish = Object.hasOwn(words, word ?? '') ? words[word] : undefined;
if (!wish || rest.length > 0) {
  process.stderr.write('Say what to do: npm run histories -- record, or npm run histories -- check.\n');
  process.exitCode = 2;
} else {
  ensureInstalled();
  process.exitCode = await runNode24([join(root, 'test.mjs'), ...wish.files], { env: wish.env });
}
