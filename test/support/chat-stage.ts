/** The whole shop and a browser, for a file of tests before the chat page. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type ChatPage, type ChatPageOptions, openChatPage } from './chat-page.ts';
import { chromiumFlags } from './chromium.ts';
import { startWholeShop, type WholeShop } from './whole-shop.ts';

export interface ChatStage {
  readonly shop: WholeShop;
  readonly browser: Browser;
  /** Of whoever came last. */
  readonly chat: ChatPage;
  /** Somebody else sits down before the chat page. */
  as(who: ChatPageOptions): Promise<ChatPage>;
}

/** To be called where the tests are described: it starts before them, ends after them, and keeps a picture of what failed. */
export function openChatStage(executablePath: string | undefined): ChatStage {
  let shop: WholeShop;
  let browser: Browser;
  let chat: ChatPage;
  beforeAll(async () => {
    shop = await startWholeShop();
    browser = await chromium.launch({ executablePath: executablePath as string, args: [...chromiumFlags] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await chat?.shoot(`failed-${task.id}`);
  });
  return {
    get shop() {
      return shop;
    },
    get browser() {
      return browser;
    },
    get chat() {
      return chat;
    },
    async as(who) {
      await chat?.close();
      chat = await openChatPage(browser, shop.sandboxUrl, who);
      return chat;
    },
  };
}
