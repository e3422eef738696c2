/** The process that prepares for the supervisor, see preparation.ts. */
import type { Answer, Failure, Wish } from './preparation.ts';

// Loaded while the servers start.
const loaded = Promise.all([
  import('../db/migrate.ts'),
  import('../db/seed.ts'),
  import('./temporal-server.ts'),
  import('../temporal/search-attributes.ts'),
]);
loaded.catch(() => {});

async function fulfil({ database, temporal }: Wish): Promise<void> {
  const [{ migrate }, { seedDemo }, { waitForTemporal }] = await loaded;
  if (database) {
    const { ownerDatabaseUrl, seedKeys } = database;
    await migrate({ ownerDatabaseUrl });
    if (seedKeys !== undefined) await seedDemo({ ownerDatabaseUrl, keys: seedKeys });
  }
  if (temporal) await waitForTemporal(temporal.address, temporal.namespace, undefined, temporal.logFile);
}

/** Errors whose message is one sentence that says what to do. Their classes do not survive the way between processes. */
const plainErrors = new Set(['StackError', 'SecretError', 'ShopError']);

function toFailure(err: unknown): Failure {
  const error = err instanceof Error ? err : new Error(String(err));
  return { plain: plainErrors.has(error.constructor.name), message: error.message, stack: error.stack, code: findCode(err) };
}

function findCode(err: unknown): string | undefined {
  const { code, cause } = (err ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause !== undefined && cause !== err ? findCode(cause) : undefined;
}

const answer = (one: Answer) => process.send?.(one);
process.on('message', (wish: Wish) => {
  fulfil(wish).then(
    () => answer({ id: wish.id }),
    (err: unknown) => answer({ id: wish.id, failure: toFailure(err) }),
  );
});
// Whoever asked is gone, also when it was killed.
process.on('disconnect', () => process.exit());
