/** No address that the product would call, hand out or link to can be turned into another: not by configuration, not by who answers. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../config.ts';
import { openSecrets } from '../../db/secrets.ts';
import { createStripeGateway } from '../../gateways/payments/stripe.ts';
import { createTelegram, TelegramError } from '../../gateways/telegram.ts';
import { nastyTexts } from '../support/nasty.ts';
import { makePaymentRequest } from '../support/payment-request.ts';

/** Metadata of clouds, in the notations resolvers understand. */
const metadataHosts = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0xa9.0xfe.0xa9.0xfe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '[::ffff:169.254.169.254]',
  '[::ffff:a9fe:a9fe]',
  '[fe80::1]',
  '[fd00:ec2::254]',
  'metadata.google.internal',
  'metadata.google.internal.',
  'METADATA.google.internal',
  'metadata',
  'instance-data',
  '169。254。169。254',
];

const schemes = [
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'ftp://a/b',
  'dict://a:11211/',
  'data:,x',
  'javascript:alert(1)',
  'unix:/x',
];
const webTricks = [
  'https://user:pass@shop.example.org',
  'https://shop.example.org@evil.example',
  'https://a.example/?x=1',
  'https://a.example/#x',
  'https://',
  '//a',
];

/** Each address of the configuration with what would turn it into another. */
const addresses: Readonly<Record<string, { readonly bad: readonly string[]; readonly good: readonly string[] }>> = {
  TILLFLOW_PUBLIC_URL: {
    bad: [...schemes, ...webTricks, ...metadataHosts.map((host) => `http://${host}/latest/meta-data/`)],
    good: ['https://shop.example.org', 'https://shop.example.org/base/', 'http://127.0.0.1:8080', 'http://[::1]:8080'],
  },
  TILLFLOW_TEMPORAL_UI_URL: {
    bad: [...schemes, ...webTricks, ...metadataHosts.map((host) => `http://${host}`)],
    good: ['http://127.0.0.1:8233', 'https://ui.example.org/temporal'],
  },
  ...Object.fromEntries(
    ['TILLFLOW_DATABASE_URL', 'TILLFLOW_OWNER_DATABASE_URL'].map((name) => [
      name,
      {
        bad: [
          ...schemes,
          'http://127.0.0.1:5432/x',
          'mysql://a:b@c/d',
          'postgresql:x',
          'postgresql://a:b@127.0.0.1/x?host=169.254.169.254',
          'postgresql:///x',
          ...metadataHosts.map((host) => `postgresql://a:b@${host}:80/x`),
        ],
        good: [
          'postgresql://a:b@db.example.org:5432/x',
          'postgres://a@127.0.0.1/x?sslmode=require',
          'postgresql://a:b@127.0.0.1/x?host=/run',
        ],
      },
    ]),
  ),
  TEMPORAL_ADDRESS: {
    bad: [
      ...schemes,
      'http://temporal:7233',
      'user:pass@temporal:7233',
      'temporal:7233/x',
      'temporal:7233,other:1',
      'temporal',
      'temporal:99999',
      'unix:7233:x',
      'dns:///temporal:7233',
      ...metadataHosts.map((host) => `${host}:7233`),
    ],
    good: ['temporal:7233', '127.0.0.1:7233', '[::1]:7233', 'ns.abc.tmprl.cloud:7233'],
  },
  TILLFLOW_HOST: { bad: [...schemes, ...webTricks, '169.254.169.254', 'a b'], good: ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'] },
};

describe('the configuration', () => {
  test.each(Object.entries(addresses))(
    '%s takes what it is for and nothing else, by name and without saying it again',
    (name, { bad, good }) => {
      for (const value of good) expect(() => readConfig({ [name]: value }), value).not.toThrow();
      for (const value of bad) {
        const read = () => readConfig({ [name]: value });
        expect(read, value).toThrow(ConfigError);
        expect(read, value).toThrow(`${name}: `);
        expect(read, value).not.toThrow('user:pass');
      }
    },
  );

  const numbers = ['APP', 'SANDBOX', 'CONTROL', 'TEMPORAL', 'TEMPORAL_UI', 'POSTGRES'].map((name) => `TILLFLOW_${name}_PORT`);
  const shaped = [...numbers, 'TILLFLOW_MODE', 'TILLFLOW_UPDATES', 'TILLFLOW_LOG_LEVEL', ...Object.keys(addresses)];

  test.each(shaped)('%s of nonsense is refused by name', (name) => {
    // A host's name, of a machine nobody has.
    const fits = (value: string) => value === '' || (name === 'TILLFLOW_HOST' && /^[\w.:-]+$/.test(value));
    for (const { name: what, value } of nastyTexts.filter((one) => !fits(one.value))) {
      expect(() => readConfig({ [name]: value }), what).toThrow(`${name}: `);
    }
  });

  test.each(['TILLFLOW_DATA_DIR', 'TEMPORAL_NAMESPACE', 'TILLFLOW_QUEUE_PREFIX', 'TILLFLOW_STATUS_TOKEN'])(
    '%s of nonsense is refused by name or kept as it is',
    (name) => {
      for (const { name: what, value } of nastyTexts) {
        try {
          expect(JSON.stringify(readConfig({ [name]: value })), what).not.toMatch(/\\u0000|\\r/);
        } catch (err) {
          expect(err, what).toBeInstanceOf(ConfigError);
          expect((err as Error).message, what).toContain(`${name}: `);
          expect((err as Error).message.length, what).toBeLessThan(400);
        }
      }
    },
  );

  test('TILLFLOW_KEYS of nonsense is refused without being said again', () => {
    const key = randomBytes(32).toString('base64');
    for (const { name, value } of [
      ...nastyTexts,
      { name: 'a key without an id', value: key },
      { name: 'short', value: `k1:${key.slice(4)}` },
    ]) {
      const open = () => openSecrets(value);
      expect(open, name).toThrow(/^TILLFLOW_KEYS: .{0,80}$/);
      expect(open, name).not.toThrow(key.slice(8));
    }
  });

  test('in live mode no root of a provider comes from the environment', () => {
    const live = readConfig({ TILLFLOW_MODE: 'live', TILLFLOW_KEYS: 'k1:x', TILLFLOW_SANDBOX_PORT: '9' });
    expect(live.farEnds).toEqual({
      telegram: undefined,
      stripe: undefined,
      nowpayments: undefined,
      coingecko: undefined,
      coinbase: undefined,
    });
  });
});

describe('a provider that answers with another address', () => {
  const targets: string[] = [];
  let trap: Server;
  let provider: Server;
  let status = 302;
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));

  beforeAll(async () => {
    trap = createServer((request, response) => {
      targets.push(`${request.method} ${request.url}`);
      response.end('{"ok":true,"result":true}');
    });
    provider = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { location: `http://127.0.0.1:${portOf(trap)}/latest/meta-data/` }).end();
    });
    await Promise.all([listen(trap), listen(provider)]);
  });
  afterAll(() => {
    for (const server of [trap, provider]) {
      server.closeAllConnections();
      server.close();
    }
  });

  test.each([301, 302, 303, 307, 308])('is not followed (%i), and nobody learns the token or the key', async (code) => {
    status = code;
    const apiRoot = `http://127.0.0.1:${portOf(provider)}`;
    const token = `123456789:${'T'.repeat(35)}`;
    const told = await createTelegram({ apiRoot })
      .bot(token)
      .getMe()
      .catch((err: unknown) => err);
    expect(told).toBeInstanceOf(TelegramError);
    expect(String(told)).not.toContain('T'.repeat(35));
    const credentials = { shopId: 1, accountId: 1, liveMode: false, keys: { secretKey: 'sk_test_trap' } };
    const opened = await createStripeGateway({ apiRoot: `${apiRoot}/stripe` })
      .open(makePaymentRequest(), credentials)
      .catch((err: unknown) => err);
    expect(opened).toBeInstanceOf(Error);
    expect(String(opened)).not.toContain('sk_test_trap');
    expect(targets).toEqual([]);
  });
});
