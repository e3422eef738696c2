/** The chat page in a real browser, against the sandbox as it runs, with a small bot of the real client library behind it. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bot, InlineKeyboard } from 'grammy';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoBotToken, demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { spawnTied } from '../../supervisor/process.ts';
import { seriousFindings } from '../support/axe.ts';
import { chromiumFlags, findChromium } from '../support/chromium.ts';
import { findFreePorts } from '../../bench/ports.ts';

const executablePath = findChromium();
const root = fileURLToPath(new URL('../../', import.meta.url));
const price = 40;
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe.skipIf(executablePath === undefined)('the chat page', () => {
  let dataDir: string;
  let ports: { sandbox: number; app: number; control: number };
  let url: string;
  let sandbox: ChildProcess;
  let bot: Bot;
  let polling: Promise<void>;
  let browser: Browser;
  let shop: Server;
  let supervisor: Server;
  const killed: string[] = [];
  const shopState = { holdSeconds: 900, status: 'awaitingPayment', workerPid: 11 };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tillflow-chat-'));
    const [sandboxPort, app, control] = await findFreePorts(3);
    ports = { sandbox: sandboxPort as number, app: app as number, control: control as number };
    url = `http://127.0.0.1:${ports.sandbox}`;
    sandbox = await startSandbox();
    bot = makeBot();
    polling = bot.start({ drop_pending_updates: false });
    shop = await serveJson(ports.app, async (key, body) => {
      if (key.startsWith('GET /dev/timelines?'))
        return [{ noun: 'order', code: 'K7Q4-MX2P', status: shopState.status, begunAt: '2026-11-21T12:00:00Z' }];
      if (key === 'GET /dev/timelines/K7Q4-MX2P') return timeline();
      if (key === 'PUT /dev/hold') shopState.holdSeconds = (body as { holdSeconds: number }).holdSeconds;
      return { holdSeconds: shopState.holdSeconds };
    });
    supervisor = await serveJson(ports.control, async (key) => {
      if (key === 'GET /children') return [{ name: 'worker', pid: shopState.workerPid, state: 'running', restarts: 0 }];
      killed.push(key);
      shopState.workerPid += 1;
      return { killed: true };
    });
    browser = await chromium.launch({ executablePath: executablePath as string, args: [...chromiumFlags] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await bot?.stop();
    await polling;
    sandbox?.kill('SIGKILL');
    shop?.close();
    supervisor?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  function timeline() {
    return {
      noun: 'order',
      code: 'K7Q4-MX2P',
      status: shopState.status,
      total: { amount: 8000, currency: 'PLN' },
      payUntil: new Date(Date.now() + 600_000).toISOString(),
      temporalUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/order:K7Q4MX2P',
      steps: [{ at: new Date().toISOString(), what: 'placed', detail: 'one map' }],
    };
  }

  async function startSandbox(): Promise<ChildProcess> {
    const child = spawnTied(process.execPath, ['--import', './web/load-tsx.mjs', 'sandbox/main.ts'], {
      cwd: root,
      logFile: join(dataDir, 'sandbox.log'),
      deathSignal: 'KILL',
      env: {
        ...process.env,
        TILLFLOW_DATA_DIR: dataDir,
        TILLFLOW_SANDBOX_PORT: String(ports.sandbox),
        TILLFLOW_APP_PORT: String(ports.app),
        TILLFLOW_CONTROL_PORT: String(ports.control),
      },
    });
    await until(async () => (await fetch(`${url}/health`)).ok);
    return child;
  }

  function makeBot(): Bot {
    const made = new Bot(demoBotToken, { client: { apiRoot: `${url}/telegram` } });
    made.command('start', async (ctx) => {
      const link = await ctx.api.createInvoiceLink('Day pass', 'Everything for a day', 'pay-1', '', 'XTR', [
        { label: 'Day pass', amount: price },
      ]);
      const keyboard = new InlineKeyboard().text('Is it open?', 'open').row().url('Pay with Stars', link);
      await ctx.reply(`Welcome ${ctx.match || 'in'}. Your key is <tg-spoiler>SECRET</tg-spoiler>`, {
        parse_mode: 'HTML',
        reply_markup: keyboard,
      });
    });
    made.callbackQuery('open', async (ctx) => {
      await ctx.answerCallbackQuery({ text: 'Yes, until 22:00', show_alert: true });
      await ctx.editMessageText('It is open', { reply_markup: new InlineKeyboard().text('Thanks', 'thanks') });
    });
    made.callbackQuery('thanks', async (ctx) => {
      await ctx.answerCallbackQuery();
      await ctx.editMessageText('See you');
    });
    made.on('inline_query', async (ctx) => {
      const { query, offset } = ctx.inlineQuery;
      const first = Number(offset || '1');
      const results = Array.from({ length: query === 'nothing' ? 0 : 15 }, (_, index) => ({
        type: 'article' as const,
        id: String(first + index),
        title: `${query || 'thing'} ${first + index}`,
        description: '25 PLN',
        input_message_content: { message_text: `Look: ${query || 'thing'} ${first + index}` },
        reply_markup: new InlineKeyboard().switchInline('Share', 'thing').row().switchInlineCurrent('Search more', 'more'),
      }));
      const button = { text: 'Open the shop', start_parameter: 'shop' };
      await ctx.answerInlineQuery(results, {
        next_offset: first < 30 && results.length > 0 ? String(first + 15) : '',
        button,
        cache_time: 0,
      });
    });
    made.on('pre_checkout_query', (ctx) => ctx.answerPreCheckoutQuery(true));
    made.on('message:text', (ctx) => ctx.reply(`Heard: ${ctx.message.text}`));
    made.catch(() => undefined);
    return made;
  }

  async function openPage(query = ''): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(`${url}/${query}`);
    await page.getByTestId('input').waitFor();
    return page;
  }

  it('takes a newcomer from the start button to an answered tap', async () => {
    const page = await openPage('?person=1001');
    expect(await page.textContent('body')).toContain('no real money');
    await page.getByTestId('start').click();
    await page.getByTestId('button').filter({ hasText: 'Is it open?' }).click();
    await page.getByTestId('alert').waitFor();
    expect(await page.getByTestId('alert').textContent()).toContain('until 22:00');
    await page.keyboard.press('Escape');
    await page.getByTestId('message').filter({ hasText: 'It is open' }).waitFor();
    await page.getByTestId('button').filter({ hasText: 'Thanks' }).click();
    await page.getByTestId('message').filter({ hasText: 'See you' }).waitFor();
    expect(await page.getByTestId('message').count()).toBe(2);
    expect(await page.getByTestId('message').last().textContent()).toContain('edited');
    await page.context().close();
  });

  it('shows a secret only when it is tapped', async () => {
    const page = await openPage('?person=1002');
    await page.getByTestId('start').click();
    const secret = page.getByRole('button', { name: 'Hidden text, tap to show' });
    await secret.waitFor();
    const words = page.getByText('SECRET');
    expect(await Promise.all((await words.all()).map((found) => found.isVisible()))).toEqual([false]);
    await secret.click();
    await words.waitFor({ state: 'visible' });
    await page.context().close();
  });

  it('pays an invoice link once with Stars and shows the receipt and the lower balance', async () => {
    const page = await openPage('?person=1003');
    await page.getByTestId('start').click();
    await page.getByTestId('button').filter({ hasText: 'Pay with Stars' }).click();
    const before = starsOf(await page.getByTestId('stars-balance').textContent());
    await page.getByTestId('stars-pay').click();
    await page
      .getByTestId('message')
      .filter({ hasText: `${price} ⭐` })
      .waitFor();
    const people = (await (await fetch(`${url}/sandbox/people`)).json()) as { id: number; stars: number }[];
    expect(people.find((person) => person.id === 1003)?.stars).toBe(before - price);
    await page.context().close();
  });

  it('opens a start link to the bot inside the page', async () => {
    const page = await openPage('?person=2002');
    await page.getByTestId('input').fill('hello');
    await page.getByTestId('send').click();
    await page.getByTestId('message').filter({ hasText: 'Heard: hello' }).waitFor();
    await bot.api.sendMessage(2002, 'Look', {
      reply_markup: new InlineKeyboard().url('Open', `https://t.me/${demoBotUsername}?start=p_7`),
    });
    await page.getByTestId('button').filter({ hasText: 'Open' }).last().click();
    await page.getByTestId('message').filter({ hasText: 'Welcome p_7' }).waitFor();
    await page.context().close();
  });

  it('shows what is unread to somebody else, and nothing once it is read', async () => {
    const page = await openPage('?person=1001');
    await bot.api.sendMessage(1003, 'For Celina');
    await bot.api.sendMessage(1001, 'For Anna');
    const celina = page.getByTestId('person').filter({ hasText: 'Celina' });
    await celina.getByTestId('unread').waitFor();
    await celina.click();
    await page.getByTestId('message').filter({ hasText: 'For Celina' }).waitFor();
    await celina.getByTestId('unread').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it.each([300, 1_500])('shows what is said while its stream is opening, %d ms', async (openingMs) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route('**/sandbox/events?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, openingMs));
      await route.continue();
    });
    const opening = page.waitForRequest('**/sandbox/events?*');
    await page.goto(`${url}/?person=1002`);
    await opening;
    await page.getByTestId('input').fill('typed meanwhile');
    await new Promise((resolve) => setTimeout(resolve, openingMs - 200));
    await bot.api.sendMessage(1002, `Said within ${openingMs} ms`);
    await page
      .getByTestId('message')
      .filter({ hasText: `Said within ${openingMs} ms` })
      .waitFor({ timeout: 10_000 });
    expect(await page.getByTestId('input').inputValue()).toBe('typed meanwhile');
    await context.close();
  });

  it('pages a long chat upward without losing the place', async () => {
    for (let index = 0; index < 60; index += 1) await bot.api.sendMessage(1002, `Line ${index} of many`);
    const page = await openPage('?person=1002');
    const line = (index: number) => page.getByTestId('message-list').getByText(`Line ${index} of many`, { exact: true });
    await line(59).waitFor();
    expect(await line(5).count()).toBe(0);
    await page.getByTestId('message-list').evaluate((list) => {
      list.scrollTop = 0;
      // The page draws something before it hears of the scrolling, as when its chats are counted just then.
      document.querySelector<HTMLElement>('[data-testid="open-people"]')?.click();
    });
    await line(5).waitFor({ state: 'attached' });
    expect(await page.getByTestId('message-list').evaluate((list) => list.scrollTop)).toBeGreaterThan(200);
    await page.context().close();
  });

  it('shows the order beside the chat and kills the workers through the supervisor alone', async () => {
    const page = await openPage('?person=1001');
    await page.getByTestId('timeline').waitFor();
    expect(await page.getByTestId('timeline-status').textContent()).toBe('Awaiting payment');
    expect(await page.getByTestId('temporal-link').getAttribute('href')).toContain('/workflows/order:');
    await page.getByTestId('kill-workers').click();
    await page.locator('[data-testid="kill-workers"][data-stage="back"]').waitFor();
    expect(killed).toEqual(['POST /children/worker/kill']);
    await page.getByTestId('short-hold').click();
    await page.locator('[data-testid="short-hold"][aria-pressed="true"]').waitFor();
    expect(shopState.holdSeconds).toBe(30);
    await page.getByTestId('lose-webhook').click();
    await page.getByText('The next one gets lost').waitFor();
    const faults = JSON.stringify(await (await fetch(`${url}/sandbox/faults`)).json());
    expect(faults).toContain('"lose"');
    shopState.status = 'delivered';
    await page.getByTestId('timeline-status').filter({ hasText: 'Delivered' }).waitFor();
    await page.context().close();
  });

  it('attaches a photo with the words as its caption, and another file as a document', async () => {
    const page = await openPage('?person=1001');
    await page.getByTestId('input').fill('my receipt');
    await page.getByTestId('file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: pixel });
    const photo = page.getByTestId('message').filter({ hasText: 'my receipt' });
    await photo.locator('img').waitFor();
    expect(await page.getByTestId('input').inputValue()).toBe('');
    await page.getByTestId('file').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
    await page.getByTestId('message').filter({ hasText: 'receipt.pdf' }).waitFor();
    await page.context().close();
  });

  it('finds what bots have for words, page by page, and brings it into a chat of friends by keyboard alone', async () => {
    const page = await openPage('?person=1001');
    const results = page.getByTestId('inline-result');
    const input = page.getByTestId('input');
    await input.pressSequentially(`@${demoBotUsername} jar`);
    await results
      .filter({ hasText: /jar 1.*25 PLN/ })
      .first()
      .waitFor();
    expect(await results.count()).toBe(15);
    expect(await input.getAttribute('aria-activedescendant')).toBe(await results.first().getAttribute('id'));
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('inline').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await expect.poll(() => results.count()).toBe(30);
    for (let press = 0; press < 16; press += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const card = page.getByTestId('message').filter({ hasText: 'Look: jar 17' });
    await card.getByText(`via @${demoBotUsername}`).waitFor();
    expect(await input.inputValue()).toBe('');
    expect(await page.getByTestId('message').filter({ hasText: '@demo' }).filter({ hasText: 'Heard' }).count(), 'it was no message').toBe(
      0,
    );
    await card.getByTestId('button').filter({ hasText: 'Search more' }).click();
    await expect.poll(() => input.inputValue()).toBe(`@${demoBotUsername} more`);
    await results.filter({ hasText: 'more 1' }).first().waitFor();
    await page.keyboard.press('Escape');
    await results.first().waitFor({ state: 'detached' });
    await card.getByTestId('button').filter({ hasText: 'Share' }).focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('choice').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByTestId('choice').filter({ hasText: 'Friends' }).focus();
    await page.keyboard.press('Enter');
    await results.filter({ hasText: 'thing 1' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('message').filter({ hasText: 'Look: thing 1' }).waitFor();
    expect(await page.getByTestId('chat-title').textContent()).toBe('Friends');
    await input.fill(`@${demoBotUsername} nothing`);
    await page.getByText('Nothing found by').waitFor();
    await page.getByTestId('inline-button').click();
    await page.getByTestId('message').filter({ hasText: 'Welcome shop' }).waitFor();
    await page.context().close();
    await fetch(`${url}/sandbox/bots/inline-mode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ bot: demoBotUsername, on: false }),
    });
    const without = await openPage('?person=1002');
    await without.getByTestId('input').fill(`@${demoBotUsername} jar`);
    await without.getByTestId('send').click();
    await without
      .getByTestId('message')
      .filter({ hasText: `Heard: @${demoBotUsername} jar` })
      .waitFor();
    await without.context().close();
  });

  it('keeps the words and the chat when the sandbox is killed, and goes on when it is back', async () => {
    const page = await openPage('?person=1001');
    await page.getByTestId('message').filter({ hasText: 'For Anna' }).waitFor();
    const ended = new Promise((done) => sandbox.once('exit', done));
    sandbox.kill('SIGKILL');
    await ended;
    await page.getByTestId('connection').waitFor();
    await page.getByTestId('input').fill('still here');
    await page.getByTestId('send').click();
    await page.getByTestId('toast').waitFor();
    expect(await page.getByTestId('input').inputValue()).toBe('still here');
    sandbox = await startSandbox();
    await page.getByTestId('connection').waitFor({ state: 'detached' });
    await page.getByTestId('send').click();
    await page.getByTestId('message').filter({ hasText: 'Heard: still here' }).waitFor();
    expect(await page.getByTestId('message-list').textContent()).toContain('For Anna');
    await page.context().close();
  });
});

function starsOf(text: string | null): number {
  return Number((text ?? '').replace(/\D/g, ''));
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isTrue().catch(() => false))) {
    if (Date.now() > deadline) throw new Error('the sandbox did not come up within 20 s');
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A server on loopback that answers every request with what `answer` says to `METHOD path` and the parsed body. */
function serveJson(port: number, answer: (key: string, body: unknown) => Promise<unknown>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const said = await answer(`${request.method} ${request.url}`, body ? JSON.parse(body) : undefined);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(server)));
}
