/** The sandbox's own file: one SQLite database shared by its far ends, each with tables of its own. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface SandboxStore {
  readonly db: DatabaseSync;
  /** Runs `sql` once per file, under a name that never changes. */
  migrate(name: string, sql: string): void;
  /** Everything `run` writes, or nothing. Inner calls belong to the outermost. `run` must not await. */
  transaction<Result>(run: () => Result): Result;
  close(): void;
}

/** @param file path, or `:memory:` */
export function openStore(file: string): SandboxStore {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  // A kill of the process loses nothing in this mode; only a power cut may lose the last moments.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  db.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT');

  function transaction<Result>(run: () => Result): Result {
    if (db.isTransaction) return run();
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      db.exec('COMMIT');
      return result;
    } catch (err) {
      db.exec('ROLLBACK');
      throw err;
    }
  }

  return {
    db,
    transaction,
    migrate(name, sql) {
      transaction(() => {
        if (db.prepare('SELECT 1 FROM migration WHERE name = ?').get(name)) return;
        db.exec(sql);
        db.prepare('INSERT INTO migration (name) VALUES (?)').run(name);
      });
    },
    close: () => db.close(),
  };
}
