/** Buying in the Mini App, as the chat page opens it: the whole product, a real browser, the size of a phone. */
import pg from 'pg';
import type { FrameLocator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openChatStage } from '../support/chat-stage.ts';
import { findChromium } from '../support/chromium.ts';

const executablePath = findChromium();
const size = { width: 390, height: 844 };

describe.skipIf(executablePath === undefined)('the whole shop in the Mini App', { timeout: 90_000 }, () => {
  const stage = openChatStage(executablePath);

  /** Opens the chat as somebody, says hello to the bot if they never did, and opens the Mini App beside the input. */
  async function openApp(person: number): Promise<FrameLocator> {
    const { page, say, sees } = await stage.as({ person, size });
    await say('/start');
    await sees(/./);
    await page.getByTestId('menu-button').click();
    const app = page.frameLocator('[data-testid="mini-app-frame"]');
    await app.getByTestId('product').first().waitFor();
    return app;
  }
  /** Searches for a product and opens its card. */
  async function find(app: FrameLocator, words: string, title: string): Promise<void> {
    await app.getByTestId('search').fill(words);
    await app.getByTestId('product').filter({ hasText: title }).click();
    await app.locator('.product').waitFor();
  }

  /** Puts a product into the basket and goes there. */
  async function put(app: FrameLocator, words: string, title: string, add: string): Promise<void> {
    await find(app, words, title);
    await main().getByText(add).click();
    await stage.chat.page.getByTestId('mini-app-back').click();
    await app.getByTestId('tab-basket').click();
    await app.getByTestId('basket-row').first().waitFor();
  }

  async function inDatabase(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: stage.shop.ownerDatabaseUrl });
    await client.connect();
    await client.query(sql);
    await client.end();
  }

  const main = () => stage.chat.page.getByTestId('mini-app-main');
  const second = () => stage.chat.page.getByTestId('mini-app-second');

  it('sells from the basket by the wallet, at the price that was shown', async () => {
    const app = await openApp(1001);
    await app.getByTestId('search').fill('espresso');
    await app.getByTestId('product').filter({ hasText: 'Espresso beans' }).click();
    expect(await app.locator('.product s').textContent()).toMatch(/100\.00\sPLN/);
    await main().getByText('Add · 80.00 PLN').click();
    await app.getByText('Added to the basket').first().waitFor();
    await stage.chat.page.getByTestId('mini-app-back').click();
    await app.getByTestId('tab-basket').click();
    await main().getByText('Checkout · 80.00 PLN').click();
    await app.getByTestId('method-wallet').click();
    await stage.chat.shoot('app-checkout');
    await main().getByText('Pay 80.00 PLN').click();
    await app.locator('[data-mood="good"]').waitFor();
    await app.getByText('Delivered').waitFor();
    await stage.chat.shoot('app-delivered');
    await stage.chat.page.getByTestId('mini-app-close').click();
    await stage.chat.sees('Ready to collect: Espresso beans, 1 kg');
  });

  it('sells at once by card on the pay page, in Polish, and notices by itself', async () => {
    const app = await openApp(1003);
    await app.getByTestId('search').fill('mug');
    await app.getByTestId('product').filter({ hasText: 'Handmade mug' }).click();
    await second().getByText('Kup teraz').click();
    await app.getByTestId('method-card').click();
    const opening = stage.chat.page.context().waitForEvent('page');
    await main()
      .getByText(/Zapłać 45,00\sPLN/)
      .click();
    const payPage = await opening;
    await app.locator('[data-mood="waiting"]').waitFor();
    await payPage.getByTestId('pay').click();
    await payPage.getByTestId('paid').waitFor();
    await payPage.close();
    await app.locator('[data-mood="good"]').waitFor();
    await stage.chat.page.getByTestId('mini-app-close').click();
    await stage.chat.sees('Gotowe do odbioru: Handmade mug');
  });

  it('says in Russian that the time to pay is over, and leads back to the basket', async () => {
    const headers = { 'content-type': 'application/json' };
    const changeHold = async (holdSeconds: number) => {
      const body = JSON.stringify({ holdSeconds });
      const answer = await fetch(`${stage.shop.appUrl}/dev/hold`, { method: 'PUT', headers, body });
      expect(answer.status).toBe(200);
    };
    await changeHold(10);
    try {
      const app = await openApp(1002);
      await app.getByTestId('search').fill('mug');
      await app.getByTestId('product').filter({ hasText: 'Handmade mug' }).click();
      await main().getByText('В корзину').click();
      await stage.chat.page.getByTestId('mini-app-back').click();
      await app.getByTestId('tab-basket').click();
      await main().getByText('Оформить').click();
      await app.getByTestId('method-card').click();
      await main().click();
      await app.getByText('Не оплачено вовремя').waitFor();
      await main().getByText('Назад в корзину').click();
      await app.getByTestId('basket-row').filter({ hasText: 'Handmade mug' }).waitFor();
    } finally {
      await changeHold(15 * 60);
    }
  });

  it('tops the wallet up by card, and shows it among the entries', async () => {
    const app = await openApp(1001);
    await app.getByTestId('tab-wallet').click();
    await main().getByText('Top up').click();
    await app.getByTestId('amount').fill('50');
    await app.getByTestId('method-card').click();
    const opening = stage.chat.page.context().waitForEvent('page');
    await main().getByText('Top up 50.00 PLN').click();
    const payPage = await opening;
    await payPage.getByTestId('pay').click();
    await payPage.getByTestId('paid').waitFor();
    await payPage.close();
    await app.locator('[data-mood="good"]').waitFor();
    await main().getByText('See the wallet').click();
    await app.getByTestId('entry').filter({ hasText: '+50.00 PLN' }).waitFor();
    await app.getByTestId('tab-orders').click();
    await app.getByTestId('order').filter({ hasText: 'Espresso beans' }).click();
    await app.getByText('Pickup code').waitFor();
  });

  it('sells for Stars with a promo code, and says why another one is none', async () => {
    await stage.shop.tell(['code', 'create', '--shop', 'demo', '--code', 'NORTH', '--percent', '20']);
    const app = await openApp(1001);
    await put(app, 'northern', 'Northern lights wallpapers', 'Add');
    await app.getByTestId('code').fill('SOUTH');
    await app.getByText('Apply').click();
    await app.getByText('There is no such code').waitFor();
    await app.getByTestId('code').fill('north');
    await app.getByText('Apply').click();
    await app.getByText('Code applied: NORTH').waitFor();
    await stage.chat.shoot('app-code');
    await main().getByText('Checkout').click();
    await main().getByText('Pay 40 ⭐').click();
    await stage.chat.page.getByTestId('stars-pay').click();
    await stage.chat.page.getByTestId('stars-sheet').getByRole('button', { name: 'Close' }).click();
    await app.locator('[data-mood="good"]').waitFor();
    await main().getByText('See the order').click();
    await app.getByText('Code applied: NORTH').waitFor();
    await app.getByTestId('show-goods').click();
  });

  it('takes an amount one names, and another way to pay than the first', async () => {
    const app = await openApp(1001);
    await find(app, 'cats', 'Cats of Praga');
    await app.getByTestId('amount').fill('1');
    await app.getByText('From 2.00 PLN to 1,000.00 PLN').waitFor();
    await app.getByTestId('amount').fill('7.50');
    await main().getByText('Give 7.50 PLN').click();
    await app.getByTestId('method-card').click();
    const opening = stage.chat.page.context().waitForEvent('page');
    await main().getByText('Pay 7.50 PLN').click();
    await (await opening).close();
    await app.getByTestId('i-paid').click();
    await app.getByText('Another way to pay').click();
    await app.getByTestId('method-wallet').click();
    await main().getByText('Pay 7.50 PLN').click();
    await app.locator('[data-mood="good"]').waitFor();
  });

  it('says first that a price is another than the one shown, and charges the new one after that', async () => {
    const app = await openApp(1001);
    await find(app, 'tote', 'Tote bag');
    await second().getByText('Buy now').click();
    await app.getByTestId('method-wallet').click();
    await main().getByText('Pay 25.00 PLN').waitFor();
    await inDatabase(`update product set price = 2700 where title like 'Tote bag%'`);
    await main().click();
    await app.getByRole('alert').getByText('The price has changed').waitFor();
    await stage.chat.shoot('app-price-changed');
    await main().getByText('Pay 27.00 PLN').click();
    await app.locator('[data-mood="good"]').waitFor();
    await stage.chat.page.getByTestId('mini-app-close').click();
    await stage.chat.say('/wallet');
    await stage.chat.sees('27.00');
  });

  it('gives money to a friend by a link, which opens once, and takes another one back', async () => {
    const app = await openApp(1001);
    await app.getByTestId('tab-wallet').click();
    await app.getByTestId('give').click();
    for (const [amount, count] of [
      ['5', 1],
      ['6', 2],
    ] as const) {
      await app.getByTestId('amount').fill(amount);
      await main().getByText(`Make a gift ${amount}.00 PLN`).click();
      await expect.poll(() => app.getByTestId('gift').count()).toBe(count);
    }
    const link = /https:[^\s]+start=(g_[\w-]{43})/.exec(
      (await app.getByTestId('gift').filter({ hasText: '5.00' }).textContent()) ?? '',
    )?.[1];
    await app.getByTestId('gift').filter({ hasText: '6.00' }).getByTestId('take-back').click();
    await expect.poll(() => app.getByTestId('gift').count()).toBe(1);
    await stage.chat.shoot('app-gift');
    const friend = await stage.as({ person: 1003, size });
    await friend.say(`/start ${link}`);
    await friend.sees('5,00');
    const theirs = await openApp(1003);
    await theirs.getByTestId('tab-wallet').click();
    await theirs.getByTestId('entry').filter({ hasText: '+5,00' }).waitFor();
    await theirs.getByTestId('redeem').click();
    await theirs.getByTestId('wallet-code').fill('WRONG');
    await main().click();
    await theirs.getByRole('alert').getByText('Nie ma takiego vouchera').waitFor();
  });

  it('speaks another language in app and chat, and what the shop says itself in it', async () => {
    await stage.shop.tell(['text', 'set', '--shop', 'demo', '--language', 'pl', 'redeem-button', 'Kod na pieniądze']);
    const app = await openApp(1001);
    await app.getByTestId('tab-more').click();
    await app.getByText('Settings').click();
    await app.getByTestId('language-pl').click();
    await app.getByRole('heading', { name: 'Ustawienia' }).waitFor();
    await stage.chat.page.getByTestId('mini-app-back').click();
    await app.getByTestId('tab-wallet').click();
    await app.getByText('Kod na pieniądze').waitFor();
    await stage.chat.page.getByTestId('mini-app-close').click();
    await stage.chat.say('/wallet');
    await stage.chat.sees('Saldo');
  });

  it('leaves nothing that must not be', async () => {
    expect((await stage.shop.check()).findings).toEqual([]);
  });
});
