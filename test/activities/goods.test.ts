/** Files and links among the goods: sent once, under the same rules as any secret. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createTellActivities } from '../../activities/tell.ts';
import { checkDatabase } from '../../db/check.ts';
import { sealContent } from '../../db/content.ts';
import { Product } from '../../db/entities/product.ts';
import { Unit } from '../../db/entities/unit.ts';
import { readGoods } from '../../db/repositories/delivery.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { drawIds } from '../../db/secrets.ts';
import type { Content } from '../../domain/content.ts';
import { type Telegram, TelegramError } from '../../gateways/telegram.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

interface Sent {
  readonly text: string;
  readonly file?: string;
  readonly bytes?: string;
}

let world: TestShop;
let orders: ReturnType<typeof createOrderActivities>;
let sent: Sent[] = [];
/** What becomes of the next sends, in turn; after them all go well. */
let failures: (TelegramError | undefined)[] = [];
const start = Date.parse('2026-05-01T10:00:00Z');

const telegram = {
  bot: () => ({
    sendMessage: async (_: number, { text }: { text: string }) => keep({ text }),
    editMessageText: async () => undefined,
    sendDocument: async (_: number, { name, bytes }: { name: string; bytes: Uint8Array }, { text }: { text: string }) =>
      keep({ text, file: name, bytes: Buffer.from(bytes).toString() }),
  }),
} as unknown as Telegram;

function keep(message: Sent): number {
  const failure = failures.shift();
  // Without an answer it may have arrived all the same.
  if (failure?.kind !== 'refused' && failure?.kind !== 'retryAfter') sent.push(message);
  if (failure) throw failure;
  return sent.length;
}

beforeAll(async () => {
  world = await makeTestShop();
  orders = createOrderActivities({ db: world.db });
});
afterAll(async () => {
  const { findings } = await checkDatabase(world.db.em.fork(), { now: new Date(start + 30_000) });
  await world.close();
  expect(findings).toEqual([]);
});

const file = (name: string): Content => ({ kind: 'file', name, mediaType: 'application/pdf', bytes: Buffer.from(`BYTES of ${name}`) });

/** A customer buys one unit of each content; nothing is sent yet. */
async function buy(contents: readonly Content[]): Promise<{ orderCode: string; tell: () => Promise<unknown> }> {
  const product = await world.addProduct({ units: 0, title: 'Set' });
  const em = world.db.em.fork();
  for (const [index, id] of (await drawIds(em, 'unit', contents.length)).entries()) {
    const sealed = sealContent(world.secrets, { table: 'unit', id }, contents[index] as Content);
    em.persist(em.create(Unit, { id, productId: product.id, state: 'free', ...sealed }));
  }
  await em.flush();
  return order(product, contents.length);
}

async function order(product: Product, quantity: number) {
  const customer = await world.addCustomer({ cash: 100_000 });
  const orderCode = newCode();
  const place = world.placing(customer, product, { lines: [{ productId: product.id, quantity }] });
  expect(await orders.open({ orderCode, place, at: start })).toMatchObject({ status: 'paid' });
  const { tell } = createTellActivities({ db: world.db, secrets: world.secrets, telegram });
  sent = [];
  failures = [];
  return { orderCode, tell: () => tell({ orderCode, at: start }) };
}

const statusOf = async (orderCode: string) => (await findOrderView(world.db.em.fork(), orderCode))?.status;
const goodsSent = () => sent.filter(({ text }) => text.includes('Set') && !text.includes('Thank'));

describe('goods of several kinds', () => {
  it('are sent once: texts in a message, each file as a document under its own name', async () => {
    const { orderCode, tell } = await buy([file('one.pdf'), { kind: 'link', text: 'https://example.com/two' }, file('three.pdf')]);
    await tell();
    expect(sent.filter(({ file: name }) => name !== undefined).map(({ file: name, bytes }) => [name, bytes])).toEqual([
      ['one.pdf', 'BYTES of one.pdf'],
      ['three.pdf', 'BYTES of three.pdf'],
    ]);
    expect(sent.filter(({ text }) => text.includes('https://example.com/two'))).toHaveLength(1);
    expect(await statusOf(orderCode)).toBe('delivered');
    const before = sent.length;
    await tell();
    expect(sent.slice(before).filter(({ file: name }) => name !== undefined)).toEqual([]);
  });

  it('of an unlimited product are one file for every buyer', async () => {
    const product = await world.addProduct({ title: 'Set', stockMode: 'unlimited', kind: 'digital' });
    const em = world.db.em.fork();
    await em.nativeUpdate(Product, { id: product.id }, sealContent(world.secrets, { table: 'product', id: product.id }, file('book.epub')));
    for (const _ of [1, 2]) {
      const { tell, orderCode } = await order(product, 1);
      await tell();
      expect(sent.filter(({ file: name }) => name === 'book.epub')).toHaveLength(1);
      expect(await statusOf(orderCode)).toBe('delivered');
    }
  });

  it.each([
    ['that may have arrived', 'unreachable', 1],
    ['behind one that arrived', 'refused', 2],
  ] as const)('are followed by a button, never by the file again, after a send %s failed', async (_, kind, at) => {
    const { orderCode, tell } = await buy([file('one.pdf'), file('two.pdf')]);
    failures = [...Array.from({ length: at - 1 }, () => undefined), new TelegramError(kind, 'sendDocument', 'on purpose')];
    await expect(tell()).rejects.toThrow();
    const files = () => sent.filter(({ file: name }) => name !== undefined).map(({ file: name }) => name);
    expect(files()).toEqual(['one.pdf']);
    expect(await statusOf(orderCode)).toBe('paid');
    await tell();
    expect(files()).toEqual(['one.pdf']);
    expect(goodsSent().filter(({ text }) => text.startsWith('Your goods are here'))).toHaveLength(1);
    expect(await statusOf(orderCode)).toBe('delivered');
    // The button reads them all, of each file its bytes only then.
    const line = (await findOrderView(world.db.em.fork(), orderCode))?.lines[0];
    const goods = await readGoods(world.db.em.fork(), world.secrets, { id: line?.id ?? 0, productId: line?.productId ?? 0 });
    expect(goods.files.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['one.pdf', 'application/pdf'],
      ['two.pdf', 'application/pdf'],
    ]);
    expect(Buffer.from((await goods.files[1]?.read()) ?? []).toString()).toBe('BYTES of two.pdf');
  });

  it('are sent whole after Telegram refused the first of them', async () => {
    const { orderCode, tell } = await buy([file('one.pdf'), file('two.pdf')]);
    failures = [new TelegramError('retryAfter', 'sendDocument', 'too many', 1)];
    await expect(tell()).rejects.toThrow();
    await tell();
    expect(sent.filter(({ file: name }) => name !== undefined).map(({ file: name }) => name)).toEqual(['one.pdf', 'two.pdf']);
    expect(await statusOf(orderCode)).toBe('delivered');
  });
});

it.each([
  ['name', { ...file('a/b.pdf') }],
  ['name', { ...file('.htaccess') }],
  ['mediaType', { ...file('a.pdf'), mediaType: 'pdf' }],
  ['bytes', { ...file('a.pdf'), bytes: new Uint8Array() }],
  ['bytes', { ...file('a.pdf'), bytes: new Uint8Array(10 * 1024 * 1024 + 1) }],
  ['text', { kind: 'link', text: 'http://example.com' }],
  ['text', { kind: 'line', text: '  ' }],
] as [string, Content][])('a content whose %s does not fit is not sealed', (field, content) => {
  expect(() => sealContent(world.secrets, { table: 'unit', id: 1 }, content)).toThrow(`${field}: `);
});

it('neither names nor contents are readable in the database', async () => {
  const { orderCode } = await buy([file('hidden.pdf')]);
  const row = await world.one(
    `select encode(u.content, 'escape') || encode(u.file_name, 'escape') as text from unit u join order_line l on l.id = u.order_line_id
       join "order" o on o.id = l.order_id where o.code = ?`,
    [orderCode],
  );
  expect(row.text).not.toMatch(/hidden|BYTES/);
});
