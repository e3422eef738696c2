/** The sandbox as a person uses it: chats, taps, payments. Its control API and nothing of its files. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError } from '../output.ts';

const button = z.object({ text: z.string(), callback_data: z.string().optional(), url: z.string().optional() });
const message = z.object({
  id: z.number(),
  text: z.string().optional(),
  replyMarkup: z.object({ inline_keyboard: z.array(z.array(button)).optional() }).optional(),
});
const messages = z.union([z.array(message), z.object({ messages: z.array(message) }).transform((page) => page.messages)]);
const paid = z.object({ status: z.string(), error: z.string().optional() });
const sessionPaid = z.object({ outcome: z.string() });

export type ChatMessage = z.infer<typeof message>;

export interface Person {
  readonly id: number;
  readonly name: string;
}

/** A button as it is found in a chat. */
export interface FoundButton {
  readonly messageId: number;
  readonly row: number;
  readonly column: number;
  readonly data: string;
  readonly url: string | undefined;
}

export type Sandbox = ReturnType<typeof openSandbox>;

const patienceMs = 20_000;

export function openSandbox({ sandboxUrl, bot }: { sandboxUrl: string; bot: string }) {
  async function call<T extends z.ZodType>(schema: T, path: string, body?: object): Promise<z.infer<T>> {
    const response = await fetch(`${sandboxUrl}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'content-type': 'application/json' } : {},
      signal: AbortSignal.timeout(15_000),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new CommandError(`The sandbox answered ${path} with ${response.status}: ${JSON.stringify(answer)}`);
    return schema.parse(answer);
  }

  const read = (person: Person, chatId: number) =>
    call(messages, `/sandbox/chats/${chatId}/messages?person=${person.id}&bot=${bot}&limit=20`);

  /** The newest button whose data or address fits, or undefined. */
  async function look(person: Person, chatId: number, fits: RegExp): Promise<FoundButton | undefined> {
    for (const { id, replyMarkup } of (await read(person, chatId)).toSorted((a, b) => b.id - a.id)) {
      for (const [row, buttons] of (replyMarkup?.inline_keyboard ?? []).entries()) {
        const column = buttons.findIndex((one) => fits.test(one.callback_data ?? '') || fits.test(one.url ?? ''));
        const found = buttons[column];
        if (found) return { messageId: id, row, column, data: found.callback_data ?? '', url: found.url };
      }
    }
    return undefined;
  }

  return {
    /** Somebody whom the shop does not know yet. */
    async meet(name: string): Promise<Person> {
      const person = { id: randomInt(1_000_000_000, 2_000_000_000), name };
      await call(z.unknown(), '/sandbox/people', { id: person.id, firstName: name, languageCode: 'en' });
      return person;
    },
    async send(person: Person, text: string): Promise<void> {
      await call(z.unknown(), '/sandbox/messages', { bot, person: person.id, text });
    },
    async tap(person: Person, { messageId, row, column }: FoundButton, chatId = person.id): Promise<void> {
      await call(z.unknown(), '/sandbox/taps', { bot, person: person.id, chatId, messageId, row, column });
    },
    /** Waits until the chat shows a button whose data or address fits. @throws CommandError when none appears in time */
    async findButton(person: Person, fits: RegExp, chatId = person.id): Promise<FoundButton> {
      const found = await waitFor(`a button ${fits} for ${person.name}`, () => look(person, chatId, fits));
      return found;
    },
    async payInvoice(person: Person, slug: string): Promise<void> {
      const { status, error } = await call(paid, '/sandbox/invoices/pay', { person: person.id, slug });
      if (status !== 'paid') throw new CommandError(`${person.name} could not pay by Stars: ${error ?? status}`);
    },
    async payByCard(sessionId: string): Promise<void> {
      const { outcome } = await call(sessionPaid, `/sandbox/stripe/sessions/${encodeURIComponent(sessionId)}/pay`, {
        card: '4242424242424242',
      });
      if (outcome === 'closed' || outcome === 'declined') throw new CommandError(`The card payment was ${outcome}.`);
    },
  };
}

/** Looks again until there is something. @throws CommandError naming what was waited for */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>, deadlineMs = patienceMs): Promise<T> {
  const until = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new CommandError(`Waited ${Math.round(deadlineMs / 1_000)} s in vain for ${what}.`);
    await sleep(150);
  }
}
