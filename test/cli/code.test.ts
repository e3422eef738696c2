/** `tillflow code` and `tillflow voucher`: made as written, listed, stopped and revoked, with an audit entry for every act. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { applyCode } from '../../db/repositories/promo-code.ts';
import { claimVoucherCode } from '../../db/repositories/voucher.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

let world: TestShop;
const folder = mkdtempSync(join(tmpdir(), 'vouchers-'));
beforeAll(async () => {
  world = await makeTestShop();
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** For the test's shop. */
const inShop = (noun = '', verb = '', ...rest: string[]) => tillflow(noun, verb, '--shop', world.shop.slug, ...rest);

async function audited(subject: string): Promise<string[]> {
  const rows: { action: string; actor: string }[] = await world.db.em
    .fork()
    .execute('select action, actor from audit where subject = ? order by id', [subject]);
  return rows.map(({ action, actor }) => `${actor} ${action}`);
}

test('a code is made once, shown with its conditions, listed, and stopped for whoever comes after', async () => {
  const customer = await world.addCustomer();
  const made = await inShop(
    'code',
    'create',
    '--code',
    'spring',
    '--amount',
    '10.00',
    '--uses',
    '3',
    '--minimum',
    '50',
    '--customers',
    String(customer.telegramUserId),
  );
  expect([made.code, made.out]).toEqual([0, 'Code SPRING is made: 10.00 PLN.\n']);
  expect(await inShop('code', 'create', '--code', 'SPRING', '--percent', '5')).toMatchObject({ code: 1 });
  expect(await inShop('code', 'create', '--code', 'BOTH', '--percent', '5', '--amount', '5')).toMatchObject({ code: 2 });
  const shown = await inShop('code', 'show', '--code', 'Spring', '--json');
  expect(JSON.parse(shown.out)).toMatchObject({
    code: 'SPRING',
    kind: 'fixed',
    value: 1_000,
    useLimit: 3,
    minimumTotal: 5_000,
    state: 'open',
  });
  const enter = (customerId: number) =>
    applyCode(world.db.em.fork(), { shopId: world.shop.id, customerId, text: 'spring', at: new Date() });
  expect(await enter(customer.id)).toMatchObject({ ok: true });
  expect(await enter((await world.addCustomer()).id)).toEqual({ ok: false, why: 'CodeNotForYou' });
  for (let round = 0; round < 2; round += 1) expect(await inShop('code', 'stop', '--code', 'SPRING')).toMatchObject({ code: 0 });
  expect(await enter(customer.id)).toEqual({ ok: false, why: 'CodeStopped' });
  expect((await inShop('code', 'list')).out).toMatch(/SPRING +10\.00 PLN +0 +0 +3 +stopped/);
  expect((await inShop('code', 'stats', '--code', 'SPRING')).out).toContain('used 0 times');
  expect(await audited('promoCode')).toEqual(['cli promoCode.create', 'cli promoCode.stop']);
});

test('a batch’s codes are in a file of the owner alone, once; export and statistics know only what became of them', async () => {
  const out = join(folder, 'codes.csv');
  const batch = ['--name', 'Kiosk', '--amount', '20.00', '--count', '3', '--days', '30', '--out', out];
  const made = JSON.parse((await inShop('voucher', 'batch', ...batch, '--json')).out) as { batch: number };
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const [head, ...rows] = readFileSync(out, 'utf8').trim().split('\n');
  expect([head, rows.length]).toEqual(['code,amount,currency,expires_at', 3]);
  expect(await inShop('voucher', 'batch', ...batch)).toMatchObject({ code: 1 });
  const code = rows[0]?.split(',')[0] ?? '';
  expect(code).toMatch(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
  const claimer = { shopId: world.shop.id, customerId: (await world.addCustomer()).id, at: new Date() };
  expect(await claimVoucherCode(world.db.em.fork(), code, claimer)).toMatchObject({ ok: true, amount: 2_000 });
  expect((await inShop('voucher', 'revoke', '--batch', String(made.batch))).out).toContain('2 codes');
  const exported = (await inShop('voucher', 'export', '--batch', String(made.batch))).out;
  expect(exported).toContain(`${code.slice(-4)},claimed,`);
  for (const row of rows) expect(exported).not.toContain(row.split(',')[0]);
  expect((await inShop('voucher', 'stats')).out).toMatch(/Kiosk +20\.00 PLN +3 +0 +1 +2/);
  expect(await audited('voucherBatch')).toEqual(['cli voucherBatch.create', 'cli voucherBatch.revoke']);
});
