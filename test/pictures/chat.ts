/**
 * Makes the pictures of docs/CHAT.md anew: somebody new in each language goes through the demo shop in the chat page, at the size of a phone,
 * with the mistakes people make. `npm run pictures [folder]`: with a folder, every picture on the way stays there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import type { Language } from '../../domain/language.ts';
import { demoCode } from '../../db/seed/catalogue.ts';
import { demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { loadTexts, textsOf } from '../../texts/bundle.ts';
import { type ChatPage, openChatPage } from '../support/chat-page.ts';
import { chromiumFlags, findChromium } from '../support/chromium.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const size = { width: 390, height: 780 };
const names: Record<Language, string> = { en: 'Emma', ru: 'Дарья', pl: 'Zofia' };
/** What each language's sheet shows, of what everybody sees. */
const sheets: Record<Language, readonly string[]> = {
  en: ['welcome', 'card', 'inline', 'code'],
  ru: ['wrong-code', 'waiting', 'delivered', 'wallet'],
  pl: ['help', 'coins', 'sold-out', 'too-slow'],
};
/** A drawing that is still moving, or a picture on its way. */
const restMs = 700;

async function walk(shop: WholeShop, browser: Browser, language: Language, folder: string): Promise<void> {
  const answer = await fetch(`${shop.sandboxUrl}/sandbox/people`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ firstName: names[language], languageCode: language }),
  });
  const { id } = (await answer.json()) as { id: number };
  const chat = await openChatPage(browser, shop.sandboxUrl, { person: id, size });
  const { page, tap, say, sees } = chat;
  const words = (key: string) => textsOf(language).say(key);
  const shoot = async (name: string) => {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    await page.screenshot({ path: join(folder, `${language}-${name}.png`) });
  };

  await page.getByTestId('start').click();
  await sees(names[language]);
  await shoot('welcome');
  await say('/help');
  await sees(words('help-title'));
  await shoot('help');
  await say(language === 'ru' ? 'книга' : 'vinyl');
  await shoot('found');
  await say('mug');
  await tap('Handmade mug');
  await sees('45');
  await shoot('card');
  await searchInline(page, 'coffee');
  await shoot('inline');
  await page.keyboard.press('Escape');

  await tap(words('product-buy'));
  await sees(words('confirm-title'));
  await shoot('confirm');
  await enterCode(chat, words('code-enter'), 'WELCOM');
  await sees(words('code-unknown'));
  await shoot('wrong-code');
  await enterCode(chat, words('code-enter'), demoCode.code.toLowerCase());
  await sees(`🎟`);
  await shoot('code');
  await tap(words('method-card').slice(2));
  await sees(words('order-awaiting-payment'));
  await shoot('waiting');
  const [payPage] = await Promise.all([page.context().waitForEvent('page'), page.locator('.key.success').last().click()]);
  await payPage.getByTestId('pay').waitFor();
  await payPage.screenshot({ path: join(folder, `${language}-pay-page.png`) });
  await payPage.getByTestId('pay').click();
  await payPage.getByTestId('paid').waitFor();
  await payPage.close();
  await sees(words('order-delivered'));
  await shoot('delivered');

  await say('/refill 100');
  await shoot('refill');
  await tap(words('method-crypto').slice(3));
  await shoot('coins');
  await tap('USDT · TRC20');
  await tap(words('coin-qr'));
  await page.locator('[data-testid="message"] img').last().waitFor();
  await shoot('address');
  await say('/refill 1');
  await shoot('too-little');
  await say('/refill abc');
  await shoot('no-amount');
  await say('/refill 100');
  await tap('BLIK');
  await shoot('blik');
  await say('/refill 60');
  await tap(words('method-card').slice(2));
  await sees(words('deposit-waiting'));
  const [topUpPage] = await Promise.all([page.context().waitForEvent('page'), page.locator('.key.success').last().click()]);
  await topUpPage.getByTestId('pay').click();
  await topUpPage.getByTestId('paid').waitFor();
  await topUpPage.close();
  await shoot('topped-up');
  await say('/wallet');
  await shoot('wallet');

  await say('early-bird');
  await tap('Early-bird ticket');
  if (language === 'en') {
    await tap(words('product-buy'));
    await tap(/^👛.*50/);
    await sees(words('order-delivered'));
    await shoot('by-wallet');
  } else {
    await sees(words('stock-watch-ask').slice(3));
    await shoot('sold-out');
    await tap(words('stock-watch-ask').slice(3));
    await shoot('watching');
  }
  await say('espresso');
  await tap('Espresso beans');
  await tap(words('product-buy'));
  await sees(words('confirm-title'));
  await shoot('too-little-money');
  await tap(words('method-crypto').slice(3));
  await tap('BTC');
  await sees(words('order-awaiting-payment'));
  await shoot('by-coin');
  await tap(words('order-cancel'));
  await sees(words('order-cancelled'));
  await shoot('cancelled');
  await changeHold(shop, 10);
  await say('mug');
  await tap('Handmade mug');
  await tap(words('product-buy'));
  await tap(words('method-card').slice(2));
  await sees(words('order-awaiting-payment'));
  await changeHold(shop, 900);
  await sees(words('order-expired'));
  await shoot('too-slow');
  await say('puzzle');
  await tap('Puzzle game key');
  await tap(words('product-buy'));
  const stars = page.getByTestId('button').filter({ hasText: 'Stars' }).last();
  await stars.dblclick();
  await sees(words('order-awaiting-payment'));
  await shoot('double-tap');
  await page.locator('.key.success').last().click();
  await page.getByTestId('stars-pay').click();
  await sees(words('order-delivered'));
  await shoot('by-stars');
  await say('perpetuum mobile');
  await shoot('nothing-found');
  await say('/nonsense');
  await shoot('unknown-command');
  await say('/orders');
  await shoot('orders');
  await say('/profile');
  await shoot('profile');
  await say('/paysupport');
  await shoot('paysupport');
  await say('/language');
  await shoot('language');
  await tap(language === 'en' ? 'Polski' : 'English');
  await shoot('switched');
  await chat.close();
}

async function changeHold(shop: WholeShop, holdSeconds: number): Promise<void> {
  await fetch(`${shop.appUrl}/dev/hold`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ holdSeconds }),
  });
}

async function searchInline(page: Page, words: string): Promise<void> {
  await page.getByTestId('input').fill(`@${demoBotUsername} ${words}`);
  await page.getByTestId('inline-result').first().waitFor();
}

async function enterCode(chat: ChatPage, button: string, code: string): Promise<void> {
  await chat.tap(button);
  await chat.say(code);
}

/** Puts the pictures of a language side by side. */
async function compose(language: Language, folder: string): Promise<void> {
  const gap = 20;
  const pictures = sheets[language].map((name) => join(folder, `${language}-${name}.png`));
  const width = pictures.length * (size.width + gap) - gap;
  await sharp({ create: { width, height: size.height, channels: 3, background: '#ffffff' } })
    .composite(pictures.map((input, index) => ({ input, left: index * (size.width + gap), top: 0 })))
    .png({ palette: true })
    .toFile(join(docs, `chat-${language}.png`));
}

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('The pictures need a Chromium.');
const kept = process.argv[2];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'tillflow-pictures-'));
loadTexts();
const shop = await startWholeShop();
const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
try {
  for (const language of Object.keys(names) as Language[]) {
    await walk(shop, browser, language, folder);
    await compose(language, folder);
  }
  const { findings } = await shop.check();
  if (findings.length > 0) throw new Error(`The checker found: ${JSON.stringify(findings)}`);
} finally {
  await browser.close();
  await shop.stop();
  if (kept === undefined) rmSync(folder, { recursive: true });
}
