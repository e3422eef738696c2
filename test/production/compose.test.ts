import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ConfigError, readConfig } from '../../config.ts';
import { searchAttributeTypes } from '../../temporal/search-attributes.ts';
import { readSources } from '../structure/sources.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string() }).optional(),
  restart: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  deploy: z.object({ resources: z.object({ limits: z.object({ cpus: z.string(), memory: z.string() }) }) }),
});
const file = z.object({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
});

const compose = file.parse(parse(read('docker-compose.yml'), { merge: true }));
const services = new Map(Object.entries(compose.services));
const named = (name: string) => {
  const found = services.get(name);
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};

const variable = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

/** As Docker does it: a default, or a stop that names what is missing. */
function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(variable, (_, name: string, kind: string | undefined, rest: string) => {
    const value = env[name] || (kind === '-' ? rest : undefined);
    if (value === undefined) throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return value;
  });
}

const secrets = {
  POSTGRES_PASSWORD: 'a1',
  TILLFLOW_OWNER_PASSWORD: 'b2',
  TILLFLOW_APP_PASSWORD: 'c3',
  TEMPORAL_DB_PASSWORD: 'd4',
  TILLFLOW_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  TILLFLOW_STATUS_TOKEN: '0123456789abcdef',
  TEMPORAL_UI_PASSWORD_HASH: '$2a$14$abcdefghijklmnopqrstuv',
};
const wishes = { TILLFLOW_PUBLIC_URL: 'https://shop.example.org', TEMPORAL_UI_USER: 'owner' };
const given = { ...secrets, ...wishes };
const environmentOf = (name: string, env: Readonly<Record<string, string>> = given) =>
  Object.fromEntries(Object.entries(named(name).environment).map(([key, value]) => [key, interpolate(value, env)]));

const ours = ['migrate', 'app', 'worker'];
const once = ['temporal-schema', 'temporal-namespace', 'migrate'];

describe('the compose file', () => {
  test('gives every process of ours a configuration that is read as live mode with no far end of the sandbox', () => {
    for (const name of ours) {
      const config = readConfig(environmentOf(name));
      expect(config.mode).toBe('live');
      expect(config.farEnds).toEqual({
        telegram: undefined,
        stripe: undefined,
        nowpayments: undefined,
        coingecko: undefined,
        coinbase: undefined,
      });
      expect(config.publicUrl).toBe(wishes.TILLFLOW_PUBLIC_URL);
      expect(config.temporal).toMatchObject({ address: 'temporal:7233', namespace: 'tillflow' });
      expect(new URL(config.databaseUrl)).toMatchObject({ hostname: 'postgres', username: 'tillflow_app', password: 'c3' });
    }
    expect(new URL(readConfig(environmentOf('migrate')).ownerDatabaseUrl)).toMatchObject({
      hostname: 'postgres',
      username: 'tillflow_owner',
    });
  });

  test('names no variable that the configuration does not know', () => {
    const known = new Set([...read('.env.example').matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]));
    const unknown = ours.flatMap((name) => Object.keys(named(name).environment)).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  test('stops with the name of a secret that is missing, and holds none itself', () => {
    for (const name of Object.keys(given)) {
      const without = Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
      const start = () => [...services.keys()].map((one) => environmentOf(one, without));
      expect(start, name).toThrow(`required variable ${name} is missing`);
    }
    const literal = [...services].flatMap(([name, { environment }]) =>
      Object.entries(environment)
        .filter(([key, value]) => /PASSWORD|PWD|KEYS|TOKEN|HASH|SECRET/.test(key) && !/^\$\{\w+:\?[^}]+\}$/.test(value))
        .map(([key]) => `${name}: ${key}`),
    );
    expect(literal).toEqual([]);
  });

  test('live mode without keys refuses to start and says which variable is missing', () => {
    const { TILLFLOW_KEYS: _, ...rest } = environmentOf('app');
    expect(() => readConfig(rest)).toThrow(ConfigError);
    expect(() => readConfig(rest)).toThrow('TILLFLOW_KEYS');
  });

  test('the password of the role that may change transfers reaches nobody but the database and the migration', () => {
    const holders = [...services].filter(([, one]) => JSON.stringify(one).includes('TILLFLOW_OWNER_PASSWORD')).map(([name]) => name);
    expect(holders.sort()).toEqual(['migrate', 'postgres']);
  });

  test('publishes ports on loopback only, and none of the stores', () => {
    const ports = [...services].flatMap(([name, one]) => one.ports.map((port) => `${name} ${interpolate(port, given)}`));
    expect(ports.sort()).toEqual(['front 127.0.0.1:8080:8080', 'front 127.0.0.1:8233:8233']);
    expect(compose.networks.inside?.internal).toBe(true);
    for (const name of ['postgres', 'temporal', 'temporal-ui', ...once]) expect(named(name).networks, name).toEqual(['inside']);
  });

  test('pins every image', () => {
    const loose = [...services].filter(([, { image }]) => !/:\d+\.\d+/.test(interpolate(image, given)));
    expect(loose.map(([name]) => name)).toEqual([]);
    expect(named('temporal').image).toMatch(/^temporalio\/server:1\.29\./);
    expect(named('temporal-schema').image).toMatch(/^temporalio\/admin-tools:1\.29\./);
  });

  test('every service has a health check, or runs once and is waited for', () => {
    const unwatched = [...services].filter(([, { healthcheck }]) => !healthcheck?.test).map(([name]) => name);
    expect(unwatched.sort()).toEqual([...once].sort());
    for (const name of once) {
      expect(named(name).restart).toMatch(/^on-failure/);
      const waiting = [...services.values()].filter((one) => one.depends_on[name]);
      expect(waiting.length, name).toBeGreaterThan(0);
      for (const one of waiting) expect(one.depends_on[name]?.condition).toBe('service_completed_successfully');
    }
    for (const [name, { restart }] of services) if (!once.includes(name)) expect(restart, name).toBe('unless-stopped');
  });

  test('bounds what a service takes, and ours write nothing and gain no rights', () => {
    for (const [name, one] of services) {
      expect(Number(one.deploy.resources.limits.cpus), name).toBeGreaterThan(0);
      expect(one.security_opt, name).toContain('no-new-privileges:true');
    }
    for (const name of [...ours, 'front']) expect(named(name)).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  test('commits of money are on the disk when they are answered', () => {
    const command = named('postgres').command?.join(' ') ?? '';
    for (const setting of ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']) expect(command).toContain(setting);
  });

  test('mounts only files that exist', () => {
    const mounts = [...services.values()].flatMap((one) => one.volumes).filter((volume) => volume.startsWith('./'));
    expect(mounts.length).toBeGreaterThan(3);
    for (const mount of mounts) expect(() => read(mount.split(':')[0] ?? ''), mount).not.toThrow();
  });
});

describe('the Temporal UI', () => {
  const caddyfile = read('deploy/front/Caddyfile');
  const block = (address: string) => {
    const from = caddyfile.indexOf(`\n${address} {`);
    return caddyfile.slice(from, caddyfile.indexOf('\n}\n', from));
  };

  test('has signal, terminate, reset and everything else that changes a workflow switched off; cancel stays', () => {
    expect(named('temporal-ui').environment).toMatchObject({
      TEMPORAL_WORKFLOW_SIGNAL_DISABLED: 'true',
      TEMPORAL_WORKFLOW_TERMINATE_DISABLED: 'true',
      TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
      TEMPORAL_WORKFLOW_UPDATE_DISABLED: 'true',
      TEMPORAL_START_WORKFLOW_DISABLED: 'true',
      TEMPORAL_BATCH_ACTIONS_DISABLED: 'true',
      TEMPORAL_WORKFLOW_CANCEL_DISABLED: 'false',
    });
  });

  test('is reached only through sign-in', () => {
    expect(named('temporal-ui').ports).toEqual([]);
    const doors = [':8080', ':8233', ':8090'].filter((address) => block(address).includes('temporal-ui'));
    expect(doors).toEqual([':8233']);
    expect(block(':8233')).toMatch(/\n\tbasic_auth \{\n\t\t\{\$TEMPORAL_UI_USER\} \{\$TEMPORAL_UI_PASSWORD_HASH\}\n\t\}/);
    // With this header the UI drops its own protection against forged requests.
    expect(block(':8233').match(/reverse_proxy/g)).toHaveLength(block(':8233').match(/header_up -Authorization/g)?.length ?? 0);
  });

  test('what changes a workflow is refused at the door, because the UI’s own switches only hide buttons', () => {
    const pattern = /path_regexp (\S+)/.exec(block(':8233'))?.[1];
    const allowed = new RegExp(pattern ?? '(?!)');
    const of = (what: string) => `/api/v1/namespaces/tillflow/workflows/order:K7Q4MX2P/${what}`;
    for (const path of [of('cancel'), of('query/__stack_trace')]) expect(allowed.test(path), path).toBe(true);
    const others = [of('terminate'), of('reset'), of('signal/ring'), of('update/pay'), of('cancel/terminate'), of('terminate?x=/cancel')];
    others.push('/api/v1/namespaces/tillflow/batch-operations/1', '/api/v1/namespaces/tillflow/workflows/cancel');
    for (const path of others) expect(allowed.test(path.split('?')[0] ?? ''), path).toBe(false);
    expect(block(':8233')).toMatch(/@reads method GET HEAD\n/);
    expect(block(':8233')).toMatch(/handle \{\n\t\trespond .* 403\n\t\}/);
  });
});

describe('Temporal in production', () => {
  test('the namespace holds the same search attributes that the workflows set', () => {
    const script = read('deploy/temporal/create-namespace.sh');
    const registered = [...script.matchAll(/^register (\w+) (\w+)$/gm)].map((match) => match[1]);
    expect(registered.sort()).toEqual(Object.keys(searchAttributeTypes).sort());
    expect(script).toContain('retention=720h');
  });

  test('has the same dynamic configuration as the local server', () => {
    const local = [...read('supervisor/temporal-server.ts').matchAll(/^ {2}'((?:history|matching)\.\w+)': (\d+),$/gm)];
    const deployed = parse(read('deploy/temporal/dynamic-config.yaml')) as Record<string, { value: number }[]>;
    expect(local.length).toBeGreaterThan(0);
    expect(Object.fromEntries(Object.entries(deployed).map(([key, [one]]) => [key, one?.value]))).toEqual(
      Object.fromEntries(local.map(([, key, value]) => [key, Number(value)])),
    );
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');
  const ignored = read('.dockerignore').split('\n');
  const taken = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));

  test('runs the Node that package.json asks for, on glibc, as a user without rights', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    expect(dockerfile).toContain(`ARG NODE_VERSION=${dependencies.node}\n`);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    expect(new Set(bases)).toEqual(new Set(['node:$' + '{NODE_VERSION}-bookworm-slim']));
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM '))).toMatch(/\nUSER node\n[\s\S]*\nHEALTHCHECK /);
  });

  test('takes nothing that is not named: no secrets, data, tests or sandbox', () => {
    expect(ignored).toContain('*');
    for (const path of ['.env', '.tillflow', 'node_modules', 'test', 'sandbox', 'bench', '.git']) expect(taken).not.toContain(path);
    expect(ignored).toContain('**/.env*');
  });

  test('holds every file that its programs import', () => {
    const rooms = ['activities', 'api', 'bot', 'cli', 'db', 'deploy', 'domain', 'gateways', 'supervisor'];
    const sources = new Map(
      readSources(...rooms, 'temporal', 'texts', 'web', 'workers', 'workflows').map((source) => [source.path, source]),
    );
    const entries = [
      'workers/app.ts',
      'workers/worker.ts',
      'cli/main.ts',
      'workflows/index.ts',
      'deploy/check-app.mjs',
      'deploy/check-worker.ts',
    ];
    const reached = new Set(entries);
    for (const path of reached) for (const { target } of sources.get(path)?.imports ?? []) if (target) reached.add(target);
    const missing = [...reached].filter((path) => !taken.some((one) => path === one || path.startsWith(`${one}/`)));
    expect(reached.size).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });
});
