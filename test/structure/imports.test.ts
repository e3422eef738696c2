import { describe, expect, test } from 'vitest';
import { readSources, type Source } from './sources.ts';

/**
 * Who may import whom. A room is a folder; of two that fit a path the longer name counts. `config` is config.ts.
 * A room always may import itself.
 */
const edges: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'workflows/messages': ['domain'],
  workflows: ['workflows/messages', 'domain'],
  activities: ['db', 'gateways', 'gateways/telegram', 'texts', 'domain', 'temporal', 'workflows/messages', 'config'],
  gateways: ['gateways/telegram', 'domain', 'config'],
  'gateways/telegram': ['gateways', 'domain', 'config'],
  db: ['domain', 'config'],
  temporal: ['workflows/messages', 'domain', 'config'],
  texts: ['domain', 'config'],
  bot: ['temporal', 'db', 'gateways/telegram', 'texts', 'workflows/messages', 'domain', 'config'],
  api: ['temporal', 'db', 'gateways', 'gateways/telegram', 'workflows/messages', 'domain', 'config'],
  'web/bundle': [],
  web: ['web/bundle', 'texts', 'domain', 'config'],
  cli: ['temporal', 'db', 'texts', 'workflows/messages', 'domain', 'config', 'supervisor', 'workers', 'bench'],
  workers: [
    'activities',
    'api',
    'bot',
    'web',
    'temporal',
    'workflows',
    'workflows/messages',
    'db',
    'gateways',
    'gateways/telegram',
    'texts',
    'domain',
    'config',
  ],
  supervisor: ['db', 'temporal', 'config'],
  sandbox: ['config', 'web/bundle'],
  bench: ['temporal', 'db', 'workers', 'supervisor', 'workflows', 'workflows/messages', 'activities', 'domain', 'config'],
};

/** Types alone may come from these: they leave no import behind. */
const typeEdges: Readonly<Record<string, readonly string[]>> = { workflows: ['activities'], web: ['api'] };

/** Packages a room may use; a room that is not named may use any. What enters the workflow bundle must be deterministic. */
const packages: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  'workflows/messages': ['@temporalio/workflow', '@temporalio/common'],
  workflows: ['@temporalio/workflow', '@temporalio/common'],
};

const rooms = Object.keys(edges);
const sources = readSources(...rooms.filter((room) => !room.includes('/')));

function roomOf(path: string): string | undefined {
  if (path === 'config.ts') return 'config';
  return rooms
    .filter((room) => path.startsWith(`${room}/`) || path === `${room}.ts` || path === `${room}.tsx`)
    .sort((one, other) => other.length - one.length)[0];
}

function violations(source: Source): string[] {
  const room = roomOf(source.path) ?? '';
  return source.imports.flatMap(({ specifier, target, typeOnly }) => {
    if (target === undefined) {
      const allowed = packages[room];
      return !allowed || allowed.includes(specifier) ? [] : [`${source.path} imports the package ${specifier}`];
    }
    const to = roomOf(target);
    if (to === undefined) return [`${source.path} imports ${target}, which is in no room`];
    const allowed = to === room || edges[room]?.includes(to) || (typeOnly && typeEdges[room]?.includes(to));
    return allowed ? [] : [`${source.path} (${room}) imports ${target} (${to})`];
  });
}

describe('import directions', () => {
  test('the sources are found and their imports are read', () => {
    expect(sources.length).toBeGreaterThan(20);
    const postgres = sources.find((source) => source.path === 'supervisor/postgres.ts');
    expect(postgres?.imports.map((one) => one.target)).toContain('supervisor/process.ts');
    const prepare = sources.find((source) => source.path === 'supervisor/prepare.ts');
    expect(prepare?.imports.map((one) => one.target)).toContain('db/migrate.ts');
    const stack = sources.find((source) => source.path === 'supervisor/stack.ts');
    expect(stack?.imports.find((one) => one.target === 'config.ts')?.typeOnly).toBe(true);
  });

  test('a forbidden import is seen', () => {
    const imports = [{ specifier: '../db/orm.ts', target: 'db/orm.ts', typeOnly: false }];
    expect(violations({ path: 'domain/order.ts', code: '', imports })).toEqual(['domain/order.ts (domain) imports db/orm.ts (db)']);
  });

  test('every room imports only the rooms below it', () => {
    expect(sources.flatMap(violations)).toEqual([]);
  });

  test('only the bundle and tests import workflow files', () => {
    const importers = sources.filter((source) =>
      source.imports.some((one) => one.target && roomOf(one.target) === 'workflows' && !one.typeOnly),
    );
    expect(importers.map((source) => source.path).filter((path) => roomOf(path) !== 'workflows')).toEqual([]);
  });
});
