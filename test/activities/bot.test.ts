import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { botOf } from '../../activities/bot.ts';
import type { Secrets } from '../../db/secrets.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { type FakeTelegram, startFakeTelegram } from '../support/fake-telegram.ts';

let far: FakeTelegram;
beforeAll(async () => {
  far = await startFakeTelegram();
});
afterAll(() => far.close());

const secrets = { open: () => `400000001:${'a'.repeat(35)}` } as unknown as Secrets;
const shop = { id: 1, botToken: Buffer.from('sealed') };
const within = <Result>(isLocal: boolean, work: () => Promise<Result>): Promise<Result> =>
  new MockActivityEnvironment({ isLocal }).run(work);

test('a first try within the task of a workflow leaves to the regular activity what many wait to send, before it changed anything', async () => {
  const services = { secrets, telegram: createTelegram({ apiRoot: far.apiRoot }) };
  expect(await within(true, async () => botOf(services, shop))).toBeDefined();
  const crowd = Array.from({ length: 60 }, (_, index) => botOf(services, shop).sendMessage(1_000 + index, { text: 'x' }));
  await crowd[0];
  await expect(within(true, async () => botOf(services, shop))).rejects.toMatchObject({ type: 'TelegramBusy', nonRetryable: false });
  expect(await within(false, async () => botOf(services, shop))).toBeDefined();
  await Promise.all(crowd);
  expect(await within(true, async () => botOf(services, shop))).toBeDefined();
});

test('a shop whose token was taken away keeps waiting what it has to tell', async () => {
  const services = { secrets, telegram: createTelegram({ apiRoot: far.apiRoot }) };
  expect(() => botOf(services, { id: 1, botToken: null })).toThrowError(
    expect.objectContaining({ type: 'TelegramRefused', nonRetryable: false }),
  );
});
