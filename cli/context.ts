/** What commands work with: configuration, database, keys and Temporal, opened when asked for and closed at the end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { type Database, type EntityManager, openDatabase } from '../db/orm.ts';
import { openSecrets, type Secrets } from '../db/secrets.ts';
import { parseOrderCode } from '../domain/order-code.ts';
import { type Door, openDoor } from '../temporal/client.ts';
import { CommandError } from './output.ts';

export interface CommandContext {
  readonly config: Config;
  /** An EntityManager of its own for each call. */
  em(): Promise<EntityManager>;
  secrets(): Secrets;
  door(): Door;
  /** The encryption keys: from the environment, else those `npm start` made. */
  keys(): string;
}

/** Runs a command with its context and closes what it opened, whatever happens. */
export async function withContext<Result>(run: (context: CommandContext) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  let db: Promise<Database> | undefined;
  let door: Door | undefined;
  const keys = () => config.keys ?? readKeys(config.dataDir);
  try {
    return await run({
      config,
      em: async () => {
        db ??= openDatabase({ url: config.databaseUrl, poolSize: 2, applicationName: 'tillflow-cli' });
        return (await db).em.fork();
      },
      secrets: () => openSecrets(keys()),
      door: () => {
        door ??= openDoor(config);
        return door;
      },
      keys,
    });
  } finally {
    await Promise.allSettled([db?.then((open) => open.close(true)), door?.close()]);
  }
}

function readKeys(dataDir: string): string {
  const path = join(dataDir, 'keys');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new CommandError(`There are no encryption keys at ${path}: run \`npm start\` once, or set TILLFLOW_KEYS.`);
  }
}

/** Reads an order code as people write it. @throws CommandError when it is none */
export function readCode(text: string): string {
  const code = parseOrderCode(text);
  if (code === undefined) throw new CommandError(`code: ${JSON.stringify(text)} is no order code; one looks like K7Q4-MX2P.`, 2);
  return code;
}

/** Reads a whole number of an option. @throws CommandError naming the option */
export function readWhole(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new CommandError(`${name}: a whole number from ${min} to ${max} is needed, not ${JSON.stringify(text)}.`, 2);
  }
  return value;
}
