/** `tillflow unit`: what comes in is sealed, no content is sold twice, and what is held stays held. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

let world: TestShop;
let folder: string;
beforeAll(async () => {
  world = await makeTestShop();
  folder = await mkdtemp(join(tmpdir(), 'tillflow-unit-'));
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await world.close();
});

async function take(sku: string, content: string | Uint8Array, ...options: string[]) {
  const path = join(folder, 'units.txt');
  await writeFile(path, content);
  return tillflow('unit', 'import', path, `--shop=${world.shop.slug}`, `--product=${sku}`, ...options);
}
const skuOf = async (id: number) => String((await world.one('select sku from product where id = ?', [id])).sku);
const freeOf = async (id: number) => Number((await world.one('select count(*) as free from free_unit where product_id = ?', [id])).free);

test('a file of contents becomes sealed units once, however often it comes', async () => {
  const product = await world.addProduct({ units: 0 });
  const sku = await skuOf(product.id);
  const first = await take(sku, 'KEY-AAA-1\r\nKEY-AAA-2\n\nKey Ż 3\n', '--json');
  expect([first.err, JSON.parse(first.out)]).toEqual(['', { imported: true, sku, added: 3, there: 0 }]);
  const again = await take(sku, 'KEY-AAA-2\nKEY-AAA-4\n');
  expect(again.out).toBe('1 units are put in; 1 were there already.\n');
  expect(await freeOf(product.id)).toBe(4);
  const [{ id, content, audit }] = (await world.db.em
    .fork()
    .execute(
      `select id, content, (select string_agg(a::text, ' ') from audit a) as audit from unit where product_id = ? order by id desc limit 1`,
      [product.id],
    )) as [{ id: string; content: Buffer; audit: string }];
  expect(world.secrets.open({ table: 'unit', column: 'content', id: Number(id) }, content)).toBe('KEY-AAA-4');
  expect(content.includes('KEY-AAA') || audit.includes('KEY-AAA')).toBe(false);
});

test('a file with a line that does not fit puts in nothing, and names the line without its content', async () => {
  const product = await world.addProduct({ units: 0 });
  const sku = await skuOf(product.id);
  const twice = await take(sku, 'SECRET-1\nSECRET-2\nSECRET-1\n');
  expect([twice.code, twice.err]).toEqual([2, 'line 3: is that of line 1 too.\nNothing was put in: 1 lines do not fit.\n']);
  const link = await take(sku, 'https://example.org/a\njavascript:alert(1)\n', '--kind=link');
  expect([link.code, link.err.split('\n')[0]]).toEqual([2, 'line 2: is no https address.']);
  expect((await take(sku, Buffer.from([0x41, 0x0a, 0xff, 0x0a]))).err).toBe('file: line 2 is not UTF-8.\n');
  expect((await take(sku, 'DRY\n', '--dry-run')).code).toBe(0);
  expect(await freeOf(product.id)).toBe(0);
});

test('files become units that are sent as documents: sealed with their names, all or none, and none that was there', async () => {
  const product = await world.addProduct({ units: 0 });
  const sku = await skuOf(product.id);
  const put = async (files: Record<string, string | Uint8Array>, ...options: string[]) => {
    const paths = Object.keys(files).map((name) => join(folder, name));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    return tillflow('unit', 'import-files', ...paths, `--shop=${world.shop.slug}`, `--product=${sku}`, ...options);
  };
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  expect((await put({ 'one.png': png, 'two.txt': 'SECRET Ż' }, '--dry-run')).out).toBe('2 units would be put in.\n');
  expect(await freeOf(product.id)).toBe(0);
  const first = await put({ 'one.png': png, 'two.txt': 'SECRET Ż' }, '--json');
  expect([first.err, JSON.parse(first.out)]).toEqual(['', { imported: true, sku, added: 2, there: 0 }]);
  expect((await put({ 'renamed.txt': 'SECRET Ż', 'three.bin': Buffer.from([0xff, 0, 0xff]) })).out).toBe(
    '1 units are put in; 1 were there already.\n',
  );
  const rows: { id: string; content: Buffer; file_name: Buffer; media_type: string }[] = await world.db.em
    .fork()
    .execute('select id, content, file_name, media_type from unit where product_id = ? order by id', [product.id]);
  const [one, two] = rows.map((row) => {
    const open = (column: 'content' | 'file_name') => world.secrets.open({ table: 'unit', column, id: Number(row.id) }, row[column]);
    expect(row.content.includes('SECRET')).toBe(false);
    return [open('file_name'), Buffer.from(open('content'), 'base64'), row.media_type];
  });
  expect(one).toEqual(['one.png', png, 'image/png']);
  expect(two).toEqual(['two.txt', Buffer.from('SECRET Ż'), 'text/plain']);
  expect(rows.map(({ media_type }) => media_type)).toEqual(['image/png', 'text/plain', 'application/octet-stream']);

  const twice = await put({ 'a.txt': 'same', 'b.txt': 'same', 'empty.txt': '', 'new.txt': 'new' });
  expect(twice.code).toBe(2);
  expect(twice.err).toContain('is the same as');
  expect(twice.err).toContain('empty.txt" is empty, or larger than 10 MB.\nNothing was put in: 2 files do not fit.');
  expect((await put({ 'large.bin': Buffer.alloc(10 * 1024 * 1024 + 1) })).err).toMatch(/^files: .*large\.bin" is larger than 10 MB\.\n$/);
  expect(await freeOf(product.id)).toBe(3);
});

test('counted pieces come and go, never more than are free, and only where they are counted', async () => {
  const product = await world.addProduct({ kind: 'pickup', stockMode: 'counter', units: 2, methods: ['card'] });
  const sku = await skuOf(product.id);
  const ask = (verb: string, count: number, of = sku) =>
    tillflow('unit', verb, `--shop=${world.shop.slug}`, `--product=${of}`, `--count=${count}`);
  expect((await ask('add', 3)).out).toBe('3 units are added.\n');
  expect(await ask('withdraw', 6)).toMatchObject({ code: 1, err: 'count: only 5 units are free.\n' });
  expect((await ask('withdraw', 4)).code).toBe(0);
  expect(await freeOf(product.id)).toBe(1);
  expect((await take(sku, 'KEY\n')).err).toMatch(/^product: its stock is counter/);
  expect((await ask('add', 1, await skuOf((await world.addProduct()).id))).err).toMatch(/^product: its stock is unique/);
  expect((await ask('add', 1, 'nowhere')).code).toBe(1);
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
});
