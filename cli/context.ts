/** What commands work with: configuration, database, keys and Temporal, opened when asked for and closed at the end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import type { Shop } from '../db/entities/shop.ts';
import { type Database, type EntityManager, openDatabase } from '../db/orm.ts';
import { findShopBySlug } from '../db/repositories/shop.ts';
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
  if (code === undefined) throw new CommandError(`code: ${quote(text)} is no order code; one looks like K7Q4-MX2P.`, 2);
  return code;
}

/** Reads a whole number of an option. @throws CommandError naming the option */
export function readWhole(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (!/^(0|-?[1-9]\d*)$/.test(text) || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new CommandError(`${name}: a whole number from ${min} to ${max} is needed, not ${quote(text)}.`, 2);
  }
  return value;
}

/** Reads words of an option: one line that the database and a terminal can hold. @throws CommandError naming the option */
export function readText(name: string, text: string, { max }: { max: number }): string {
  if (text.trim() === '' || text.length > max || !text.isWellFormed() || /\p{Cc}/u.test(text)) {
    throw new CommandError(`${name}: 1 to ${max} characters of text in one line are needed, not ${quote(text)}.`, 2);
  }
  return text;
}

/** Reads a shop's name in commands. @throws CommandError naming the option */
export function readSlug(text: string): string {
  if (/^[a-z0-9-]{1,40}$/.test(text)) return text;
  throw new CommandError(`shop: ${quote(text)} is no shop; one is named by 1 to 40 small letters, digits and dashes.`, 2);
}

/** What was given, short and without what a terminal would carry out. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
}

/** A shop by the name commands know it by. @throws CommandError when there is none */
export async function needShop(em: EntityManager, slug: string): Promise<Shop> {
  const shop = await findShopBySlug(em, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${slug}.`);
  return shop;
}
