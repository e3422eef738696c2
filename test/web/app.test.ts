/** The Mini App's page before a made-up shop: what it weighs, whom it trusts, what it says, and that money is asked for once. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../config.ts';
import { languages } from '../../domain/language.ts';
import { bundleApp, createAppPages } from '../../web/app/pages.tsx';
import { readAppTexts } from '../../web/app/texts.ts';
import { type AppStage, type AppView, personOf, startAppStage } from '../support/app-stage.ts';
import { seriousFindings } from '../support/axe.ts';
import { findChromium } from '../support/chromium.ts';
import { type MadeUpShop, makeUpShop } from '../support/made-up-shop.ts';

const mostFirstView = 100_000;
const island = new URL('../../web/app/island/', import.meta.url);

describe('the page', () => {
  const pagesOf = (env: Record<string, string>) => createAppPages({ config: readConfig(env), log: console });

  it('is under 100 kB compressed at the first view, in every language', async () => {
    const { script, style, texts } = await bundleApp();
    const page = await (await pagesOf({}).request('/demo')).text();
    const shared = script.gzipped.length + style.gzipped.length + gzipSync(page).length;
    for (const language of languages) expect(shared + (texts[language]?.gzipped.length ?? mostFirstView)).toBeLessThan(mostFirstView);
  });

  it('lets Telegram’s own script in and nobody else’s, and is framed by Telegram alone', async () => {
    const live = {
      TILLFLOW_MODE: 'live',
      TILLFLOW_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      TILLFLOW_PUBLIC_URL: 'https://shop.example.org',
    };
    for (const path of ['/', '/demo']) {
      const answer = await pagesOf(live).request(path);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self' https://telegram.org/js/telegram-web-app.js; style-src 'self'");
      expect(policy).toContain('frame-ancestors https://web.telegram.org https://*.telegram.org');
      expect(answer.headers.get('x-frame-options')).toBeNull();
      const foreign = [...(await answer.text()).matchAll(/(?:src|href)="(https?:[^"]*)"/g)].map(([, url]) => url);
      expect(foreign).toEqual(['https://telegram.org/js/telegram-web-app.js']);
    }
    const sandbox = (await pagesOf({}).request('/demo')).headers.get('content-security-policy');
    expect(sandbox).toContain('frame-ancestors http://127.0.0.1:8081');
    expect((await pagesOf({}).request('/Demo"><script>')).status).toBe(404);
  });

  it('serves its parts under a hash of them, compressed to whoever reads that', async () => {
    const pages = pagesOf({});
    const path = /\/app(\/assets\/app-\w+\.js)/.exec(await (await pages.request('/')).text())?.[1] ?? '';
    const plain = await pages.request(path);
    const packed = await pages.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual([null, 'gzip']);
    expect(packed.headers.get('cache-control')).toContain('immutable');
    expect((await pages.request('/assets/app-000000000000.js')).status).toBe(404);
  });

  it('says nothing in any language that is not among its texts, and carries no text that it never says', () => {
    const code = readdirSync(island)
      .map((file) => readFileSync(new URL(file, island), 'utf8'))
      .join('\n');
    const said = new Set(
      [
        ...code.matchAll(/['"`]((?:app|order|deposit|product|word|refill|code|voucher|gift|redeem|claim|stock-watch)-[a-zA-Z-]+)['"`]/g),
      ].map(([, id]) => id ?? ''),
    );
    const problems = ['broken', 'offline', 'session', 'not-met', 'banned', 'slow-down', 'gone', 'outside'];
    for (const name of problems) for (const id of [`app-${name}`, `app-${name}-text`]) said.add(id);
    const patterns = [...code.matchAll(/`(app-[a-z-]+-)\$\{/g)].map(([, start]) => start ?? '-');
    for (const language of languages) {
      const texts = new Set([...readAppTexts(language).matchAll(/^([a-zA-Z][\w-]*) =/gm)].map(([, id]) => id ?? ''));
      expect(
        [...said].filter((id) => !texts.has(id)),
        language,
      ).toEqual([]);
      const own = [...texts].filter((id) => id.startsWith('app-'));
      expect(
        own.filter((id) => !said.has(id) && !patterns.some((start) => id.startsWith(start))),
        language,
      ).toEqual([]);
    }
  });
});

const executablePath = findChromium();

describe.skipIf(executablePath === undefined)('the app in the chat page', { timeout: 60_000 }, () => {
  let stage: AppStage;
  let shop: MadeUpShop;
  let view: AppView;

  beforeAll(async () => {
    shop = makeUpShop();
    stage = await startAppStage(executablePath as string, shop.api);
  });
  afterAll(() => stage?.close());

  function findings(): Promise<string[]> {
    const frame = view.page.frames().find((one) => one.url().includes('/app/demo'));
    if (!frame) throw new Error('the app is not there');
    return seriousFindings(frame);
  }

  const inOrder = async (language: keyof typeof personOf, scheme: 'light' | 'dark') => {
    shop.language = language;
    view = await stage.open(personOf[language], scheme);
    await view.app.getByTestId('product').first().waitFor();
  };

  it.each([
    ['en', 'light'],
    ['ru', 'dark'],
    ['pl', 'light'],
  ] as const)('is usable for everyone on every page, in %s and %s', async (language, scheme) => {
    await inOrder(language, scheme);
    expect(await view.app.locator('html').getAttribute('lang')).toBe(language);
    expect(await view.app.locator('html').getAttribute('data-scheme')).toBe(scheme);
    expect(await findings()).toEqual([]);
    await view.app.getByTestId('product').first().click();
    await view.app.locator('.product').waitFor();
    expect(await findings()).toEqual([]);
    await view.main().click();
    await view.app.locator('.toast').waitFor();
    await view.back();
    await view.app.getByTestId('tab-basket').click();
    await view.app.getByTestId('basket-row').waitFor();
    expect(await findings()).toEqual([]);
    await view.main().click();
    await view.app.getByTestId('method-card').click();
    expect(await findings()).toEqual([]);
    await view.main().click();
    await view.app.locator('[data-mood="waiting"]').waitFor();
    expect(await findings()).toEqual([]);
    shop.status = { ...shop.status, status: 'settled', final: true, order: { code: 'K7Q4MX2P', status: 'delivered' } };
    await view.app.locator('[data-mood="good"]').waitFor();
    await view.main().click();
    await view.app.getByTestId('show-goods').click();
    await view.app.getByText('PUZZLE-123456').waitFor();
    expect(await findings()).toEqual([]);
    await view.app.getByTestId('claims').click();
    await view.app.getByTestId('claim-piece').first().click();
    await view.app.getByTestId('words-of-claim').fill('It says that it was used already.');
    await view.main().click();
    await view.app.locator('[data-testid="claim"][data-status="open"]').first().waitFor();
    expect(await findings()).toEqual([]);
    await view.back();
    await view.back();
    for (const [tab, sight] of [
      ['orders', 'order'],
      ['wallet', 'entry'],
    ] as const) {
      await view.app.getByTestId(`tab-${tab}`).click();
      await view.app.getByTestId(sight).first().waitFor();
      expect(await findings()).toEqual([]);
    }
    await view.app.getByTestId('give').click();
    await view.app.getByTestId('gift').waitFor();
    await view.app.getByTestId('amount').fill('86');
    expect(await findings()).toEqual([]);
    await view.back();
    await view.app.getByTestId('redeem').click();
    await view.app.getByTestId('wallet-code').fill('WRONG');
    await view.main().click();
    await view.app.locator('.bad-words:not(:empty)').waitFor();
    expect(await findings()).toEqual([]);
    await view.app.getByTestId('wallet-code').fill('RIGHT');
    await view.main().click();
    await view.app.getByTestId('entry').first().waitFor();
    await view.main().click();
    await view.app.getByTestId('amount').fill('12');
    expect(await findings()).toEqual([]);
    await view.back();
    await view.app.getByTestId('tab-more').click();
    await view.app.locator('.row').first().click();
    await view.app.locator('progress').waitFor();
    expect(await findings()).toEqual([]);
    await view.close();
  });

  it('finds what is typed, and comes back to the list as it was', async () => {
    await inOrder('en', 'light');
    const all = await view.app.getByTestId('product').count();
    await view.app.getByTestId('search').fill('mug');
    await expect.poll(() => view.app.getByTestId('product').count()).toBe(1);
    await view.app.getByTestId('product').click();
    await view.app.locator('.product').waitFor();
    expect(await view.app.locator(':focus').textContent(), 'who listens hears where they are').toBe('Handmade mug');
    await view.back();
    await expect.poll(() => view.app.getByTestId('product').count()).toBe(1);
    expect(await view.app.getByTestId('search').inputValue()).toBe('mug');
    await view.app.getByTestId('search').fill('nothing of the kind');
    await view.app.getByText('Nothing found').waitFor();
    await view.app.getByText('Show everything').click();
    await expect.poll(() => view.app.getByTestId('product').count()).toBe(all);
    expect(await view.page.getByTestId('mini-app-back').count(), 'nothing to go back to').toBe(0);
    expect(await view.page.getByTestId('mini-app-close').count(), 'one way to close it').toBe(1);
    await view.close();
  });

  it('says what the shop says itself, in its own look, and ours where that does not work out', async () => {
    shop.wording = { 'redeem-button': '🎟 Turn a card into money', 'gift-button': 'Give { $nothing }', 'gift-most': 'At most { $amount }!' };
    try {
      await inOrder('en', 'light');
      await view.app.getByTestId('tab-wallet').click();
      await expect.poll(() => view.app.getByTestId('redeem').textContent()).toBe(' Turn a card into money');
      expect(await view.app.getByTestId('give').textContent()).toBe(' Give');
      await view.app.getByTestId('give').click();
      await view.app.getByText('At most 85.00 PLN!').waitFor();
    } finally {
      shop.wording = {};
      await view.close();
    }
  });

  it('waits for what is sold out, and no longer', async () => {
    await inOrder('en', 'light');
    await view.app.getByTestId('product').last().click();
    await view.main().getByText('Tell me when it is back').click();
    await view.main().getByText('Do not tell me any more').click();
    await view.main().getByText('Tell me when it is back').waitFor();
    await view.close();
  });

  it('follows Telegram’s colours while it is open', async () => {
    await inOrder('en', 'light');
    const background = () => view.app.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(await background()).toBe('rgb(244, 244, 245)');
    await view.page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(background).toBe('rgb(15, 15, 15)');
    expect(await view.app.locator('html').getAttribute('data-scheme')).toBe('dark');
    await view.close();
  });

  it('asks for money once however often it is pressed, by the same key until it is answered, and asks before it is closed meanwhile', async () => {
    await inOrder('en', 'light');
    await view.app.getByTestId('product').first().click();
    await view.page.getByTestId('mini-app-second').click();
    await view.app.getByTestId('method-card').click();
    shop.paid.length = 0;
    // Twice nobody answers, then it is refused: that was one wish. The next is another.
    shop.failures = ['cut', 'cut', 409];
    await view.main().dblclick();
    await view.app.getByRole('alert').getByText('Sorry, this was just sold out').waitFor();
    expect(shop.paid).toHaveLength(3);
    expect(new Set(shop.paid.map(({ key }) => key)).size).toBe(1);
    await view.page.getByTestId('mini-app-close').click();
    await view.page.getByTestId('mini-app').waitFor({ state: 'detached' });
    await view.page.getByTestId('menu-button').click();
    await view.app.getByTestId('product').first().click();
    await view.page.getByTestId('mini-app-second').click();
    await view.app.getByTestId('method-card').click();
    await view.main().click();
    await view.app.locator('[data-mood="waiting"]').waitFor();
    expect(shop.paid).toHaveLength(4);
    expect(new Set(shop.paid.map(({ key }) => key)).size).toBe(2);
    expect(shop.paid.at(-1)?.body).toMatchObject({ type: 'product', productId: 1, quantity: 1, method: 'card', shownTotal: 8_000 });
    await view.page.getByTestId('mini-app-close').click();
    await view.page.getByTestId('mini-app-asks').getByText('Cancel').click();
    shop.status = { ...shop.status, status: 'settled', final: true, order: { code: 'K7Q4-MX2P', status: 'delivered' } };
    await view.app.locator('[data-mood="good"]').waitFor();
    await view.page.getByTestId('mini-app-close').click();
    await view.page.getByTestId('mini-app').waitFor({ state: 'detached' });
    await view.close();
  });
});
