import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoBotToken } from '../../sandbox/telegram/demo.ts';
import { findFreePorts } from '../../bench/ports.ts';
import { openSandbox, serveSandbox, type TestSandbox } from '../support/sandbox.ts';

const anna = 1001;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(10);
}

describe('polling', () => {
  let sandbox: TestSandbox;
  beforeEach(async () => {
    sandbox = await serveSandbox();
  });
  afterEach(() => sandbox.stop());

  test('a bot hears what a person writes and its answer arrives', async () => {
    const bot = sandbox.bot();
    bot.command('start', (ctx) => ctx.reply(`Hello ${ctx.from?.first_name}, you came by "${ctx.match}"`));
    await bot.init();
    const running = bot.start();
    const seen = await sandbox.events(
      anna,
      (events) => events.length === 2,
      () => sandbox.say(anna, '/start ref_1'),
    );
    expect(seen.map((event) => event.message?.text)).toEqual(['/start ref_1', 'Hello Anna, you came by "ref_1"']);
    await bot.stop();
    await running;
  });

  test('updates come again until an offset confirms them, in order and with growing ids', async () => {
    for (const text of ['one', 'two', 'three']) await sandbox.say(anna, text);
    const api = sandbox.api();
    const first = await api.getUpdates({ limit: 2 });
    expect(first.map((update) => update.message?.text)).toEqual(['one', 'two']);
    const again = await api.getUpdates({ offset: first[1]?.update_id });
    expect(again.map((update) => update.message?.text)).toEqual(['two', 'three']);
    expect(again[1]?.update_id).toBe((again[0]?.update_id ?? 0) + 1);
  });

  test('a newer poller sends the older one home', async () => {
    const older = sandbox
      .api()
      .getUpdates({ timeout: 20 })
      .catch((err: unknown) => err);
    await sleep(100);
    const newer = sandbox.api().getUpdates({ timeout: 20 });
    expect(await older).toMatchObject({ error_code: 409, description: expect.stringContaining('terminated by other getUpdates request') });
    await sandbox.say(anna, 'hi');
    expect(await newer).toHaveLength(1);
  });

  test('kinds that were not asked for are not kept', async () => {
    await sandbox.api().getUpdates({ allowed_updates: ['callback_query'] });
    await sandbox.say(anna, 'unheard');
    await sandbox.api().getUpdates({ allowed_updates: ['message'] });
    await sandbox.say(anna, 'heard');
    expect((await sandbox.api().getUpdates()).map((update) => update.message?.text)).toEqual(['heard']);
  });

  test('a foreign secret and a broken token are refused', async () => {
    expect(await sandbox.raw('getMe', {}, `100000001:${'x'.repeat(35)}`)).toEqual({
      status: 401,
      body: { ok: false, error_code: 401, description: 'Unauthorized' },
    });
    expect((await sandbox.raw('getMe', {}, 'nonsense')).status).toBe(404);
    expect((await sandbox.raw('getNothing')).body.description).toBe('Not Found: method not found');
  });

  test('form and query bodies are read as JSON ones are', async () => {
    const form = new URLSearchParams({
      chat_id: String(anna),
      text: 'by form',
      reply_markup: JSON.stringify({ inline_keyboard: [[{ text: 'A', callback_data: 'a' }]] }),
    });
    const answer = await fetch(`${sandbox.apiRoot}/bot${demoBotToken}/sendMessage`, { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({
      ok: true,
      result: { text: 'by form', reply_markup: { inline_keyboard: [[{ text: 'A' }]] } },
    });
    const broken = await fetch(`${sandbox.apiRoot}/bot${demoBotToken}/sendMessage`, {
      method: 'POST',
      body: '{"chat_id":',
      headers: { 'content-type': 'application/json' },
    });
    expect(await broken.json()).toMatchObject({ error_code: 400, description: "Bad Request: can't parse JSON object" });
  });
});

describe('webhooks', () => {
  let sandbox: TestSandbox;
  let server: Server;
  let url: string;
  /** What the shop answers to each call in turn; 200 afterwards. */
  let answers: number[];
  let received: { update: Update; headers: IncomingHttpHeaders }[];

  beforeEach(async () => {
    sandbox = await serveSandbox();
    [answers, received] = [[], []];
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      received.push({ update: JSON.parse(body) as Update, headers: request.headers });
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  });
  afterEach(async () => {
    await sandbox.stop();
    await new Promise((resolve) => server.close(resolve));
  });
  const texts = () => received.map(({ update }) => update.message?.text ?? Object.keys(update)[1]);
  const setWebhook = () => sandbox.api().setWebhook(url, { secret_token: 'secret-1', allowed_updates: ['message', 'pre_checkout_query'] });

  test('what waited is sent with the secret, again after an error, in the order of the chat', async () => {
    await sandbox.say(anna, 'before');
    answers = [500];
    await setWebhook();
    await sandbox.say(anna, 'after');
    await until(() => received.length === 3);
    expect(texts()).toEqual(['before', 'before', 'after']);
    expect(received.map(({ headers }) => headers['x-telegram-bot-api-secret-token'])).toEqual(['secret-1', 'secret-1', 'secret-1']);
    await until(async () => (await sandbox.api().getWebhookInfo()).pending_update_count === 0);
    expect((await sandbox.api().getWebhookInfo()).last_error_message).toBe('Wrong response from the webhook: 500');
  });

  test('a pre-checkout does not wait behind the chat’s messages', async () => {
    await setWebhook();
    answers = [500, 200];
    await sandbox.say(anna, 'stuck');
    await until(() => received.length === 1);
    const link = await sandbox.api().createInvoiceLink('T', 'D', 'p', '', 'XTR', [{ label: 'L', amount: 1 }]);
    const paying = sandbox.pay(anna, { slug: link.replace('https://t.me/$', '') });
    await until(() => received.length === 2);
    const query = received[1]?.update.pre_checkout_query;
    expect(query).toMatchObject({ currency: 'XTR', total_amount: 1, invoice_payload: 'p' });
    await sandbox.api().answerPreCheckoutQuery(query?.id ?? '', true);
    expect((await paying).status).toBe('paid');
    await until(() => received.length === 4);
    expect(texts().slice(2)).toEqual(['stuck', 'message']);
  });

  test('polling is refused meanwhile, and has what was left once the webhook is gone', async () => {
    await setWebhook();
    answers = [500];
    await sandbox.say(anna, 'left over');
    await until(() => received.length === 1);
    const refused = await sandbox
      .api()
      .getUpdates()
      .catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(GrammyError);
    expect(refused).toMatchObject({
      error_code: 409,
      description: expect.stringContaining("can't use getUpdates method while webhook is active"),
    });
    await sandbox.api().deleteWebhook();
    expect((await sandbox.api().getUpdates()).map((update) => update.message?.text)).toEqual(['left over']);
  });

  test('lost comes later, duplicates come together, a wrong secret is followed by the right one', async () => {
    await setWebhook();
    await sandbox.fault({ target: 'webhook', kind: 'lose', seconds: 0.5 });
    const sentAt = Date.now();
    await sandbox.say(anna, 'lost');
    await until(() => received.length === 1);
    expect(Date.now() - sentAt).toBeGreaterThanOrEqual(500);

    await sandbox.fault({ target: 'webhook', kind: 'duplicate', times: 5 });
    await sandbox.say(anna, 'five times');
    await until(() => received.length === 6);
    expect(new Set(received.slice(1).map(({ update }) => update.update_id)).size).toBe(1);

    answers = [401];
    await sandbox.fault({ target: 'webhook', kind: 'wrongSignature' });
    await sandbox.say(anna, 'forged');
    await until(() => received.length === 8);
    const secrets = received.slice(6).map(({ headers }) => headers['x-telegram-bot-api-secret-token']);
    expect(secrets[0]).not.toBe('secret-1');
    expect(secrets[1]).toBe('secret-1');
    expect(await sandbox.call('GET', '/faults')).toEqual([]);
  });

  test('only this machine is sent to', async () => {
    const answer = await sandbox.raw('setWebhook', { url: 'https://shop.example.org/hook' });
    expect(answer.body.description).toBe('Bad Request: bad webhook: the sandbox sends to this machine only');
  });
});

describe('a killed sandbox', () => {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-kill-'));
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  async function start(port: number): Promise<ReturnType<typeof openSandbox>> {
    child = spawn(process.execPath, ['--import', './web/load-tsx.mjs', 'sandbox/main.ts'], {
      env: { ...process.env, TILLFLOW_MODE: 'sandbox', TILLFLOW_DATA_DIR: dir, TILLFLOW_SANDBOX_PORT: String(port) },
      stdio: 'ignore',
    });
    const url = `http://127.0.0.1:${port}`;
    await until(() =>
      fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    return openSandbox(url);
  }

  test('comes back with chats, invoices, Stars and updates nobody confirmed', async () => {
    const [port = 0] = await findFreePorts(1);
    const before = await start(port);
    await before.say(anna, 'are you there?');
    const link = await before.api().createInvoiceLink('T', 'D', 'p', '', 'XTR', [{ label: 'L', amount: 100 }]);
    const slug = link.replace('https://t.me/$', '');
    await before.call('POST', '/stars', { person: anna, amount: 7 });
    await before.fault({ target: 'telegram', kind: '429', method: 'sendMessage' });
    child?.kill('SIGKILL');

    const after = await start(port);
    expect((await after.messages(anna)).map((message) => message.text)).toEqual(['are you there?']);
    expect((await after.api().getUpdates()).map((update) => update.message?.text)).toEqual(['are you there?']);
    expect(await after.call('GET', `/invoices/${slug}`)).toMatchObject({ total_amount: 100, bot: 'demo_tillflow_bot' });
    expect(await after.stars(anna)).toBe(10_007);
    expect(await after.call('GET', '/faults')).toMatchObject([{ kind: '429' }]);
  });
});
