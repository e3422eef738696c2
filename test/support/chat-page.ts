/** A person at the sandbox's chat page: finds things by what they read, as a person does. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';

const patienceMs = 30_000;
/** People need a moment between two presses; who is faster than five a second is asked to slow down. */
const pauseMs = 250;
/** The same between two messages: who sends a third within a second is asked to slow down, and what they sent is not read. */
const messagePauseMs = 600;

/** Words as a test writes them: it need not say where lines may end. Playwright reads plain strings so by itself. */
const flexible = (words: string | RegExp) =>
  typeof words === 'string' ? words : new RegExp(words.source.replaceAll(' ', '\\s'), words.flags);

/** What stands in an element, with plain spaces. */
export const textOf = async (element: Locator) => (await element.textContent())?.replaceAll('\u00a0', ' ');

export interface ChatPage {
  readonly page: Page;
  /** The messages with these words. */
  message(words: string | RegExp): Locator;
  /** The newest message with these words, once there is one. */
  sees(words: string | RegExp): Promise<Locator>;
  /** Presses a button with these words, once the message has one. Default: the newest such message since the last act. */
  tap(words: string | RegExp, inside?: Locator): Promise<void>;
  /** Sends words and waits until they stand in the chat. */
  say(text: string): Promise<void>;
  /** Attaches a file and sends it. */
  attach(file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }): Promise<void>;
  /** Sends words that the bot will not let stand in the chat. */
  sayAndForget(text: string): Promise<void>;
  /** Waits until the bar tells this status of the person's newest order. @returns the order's code */
  reaches(status: string): Promise<string>;
  /** A picture of the page, where TILLFLOW_SCREENSHOTS names a folder. */
  shoot(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface ChatPageOptions {
  readonly person: number;
  /** Default: the person's own chat with the bot. */
  readonly chat?: number;
  readonly size?: { readonly width: number; readonly height: number };
}

/** Opens the chat page as a person. */
export async function openChatPage(
  browser: Browser,
  sandboxUrl: string,
  { person, chat = person, size = { width: 1280, height: 900 } }: ChatPageOptions,
): Promise<ChatPage> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${sandboxUrl}/?person=${person}&chat=${chat}`);
  // Before the chat is there the page may still change to it, and what was written till then is gone.
  await page.locator('[data-testid="message"], .empty').first().waitFor();
  const message = (words: string | RegExp) => page.getByTestId('message').filter({ hasText: flexible(words) });
  // The message of the last act: what is pressed next is in it or below. A badge or money that came may be told below a screen at any moment.
  let acted: number | undefined;
  const idOf = async (one: Locator) => Number(await one.getAttribute('data-message-id'));
  async function screenWith(words: string | RegExp): Promise<Locator> {
    acted ??= (await page.getByTestId('message').count()) > 0 ? await idOf(page.getByTestId('message').last()) : 0;
    const fitting = page.getByTestId('message').filter({ has: page.getByTestId('button').filter({ hasText: flexible(words) }) });
    const until = performance.now() + patienceMs;
    for (;;) {
      const ids = await fitting.evaluateAll((found) => found.map((one) => Number(one.getAttribute('data-message-id'))));
      const newest = ids.filter((id) => id >= (acted as number)).at(-1);
      if (newest !== undefined) return page.locator(`[data-testid="message"][data-message-id="${newest}"]`);
      if (performance.now() > until) throw new Error(`No button ${words} in or below message ${acted}`);
      await sleep(50);
    }
  }
  let nextMessageAt = 0;
  async function sendIt(act: () => Promise<void>): Promise<void> {
    await sleep(Math.max(0, nextMessageAt - performance.now()));
    await act();
    nextMessageAt = performance.now() + messagePauseMs;
  }
  const sayAndForget = (text: string) =>
    sendIt(async () => {
      await page.getByTestId('input').fill(text);
      await page.getByTestId('send').click();
    });
  return {
    page,
    message,
    sayAndForget,
    attach: (file) => sendIt(() => page.getByTestId('file').setInputFiles(file)),
    async sees(words) {
      const found = message(words).last();
      await found.waitFor();
      return found;
    },
    async tap(words, inside) {
      const screen = inside ?? (await screenWith(words));
      const button = screen.getByTestId('button').filter({ hasText: flexible(words) });
      await button.waitFor();
      await sleep(pauseMs);
      if (!inside) acted = await idOf(screen);
      await button.click();
    },
    async say(text) {
      const sameWords = page.getByTestId('message').filter({ hasText: text });
      const before = await sameWords.count();
      await sayAndForget(text);
      await sameWords.nth(before).waitFor();
      acted = await idOf(sameWords.last());
    },
    async reaches(status) {
      const timeline = page.locator(`[data-testid="timeline"][data-status="${status}"]`);
      await timeline.waitFor({ state: 'attached' });
      return (await timeline.getAttribute('data-code')) ?? '';
    },
    async shoot(name) {
      const folder = process.env.TILLFLOW_SCREENSHOTS;
      if (!folder) return;
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${name}.png`) });
    },
    close: () => context.close(),
  };
}
