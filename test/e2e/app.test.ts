/** Buying in the Mini App, as the chat page opens it: the whole product, a real browser, the size of a phone. */
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

  it('tops the wallet up by card, shows it among the entries, and speaks another language in app and chat', async () => {
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
    await stage.chat.page.getByTestId('mini-app-back').click();
    await app.getByTestId('tab-more').click();
    await app.getByText('Settings').click();
    await app.getByTestId('language-pl').click();
    await app.getByRole('heading', { name: 'Ustawienia' }).waitFor();
    await stage.chat.page.getByTestId('mini-app-close').click();
    await stage.chat.say('/wallet');
    await stage.chat.sees('Saldo');
  });

  it('leaves nothing that must not be', async () => {
    expect((await stage.shop.check()).findings).toEqual([]);
  });
});
