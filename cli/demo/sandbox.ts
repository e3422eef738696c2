/** The sandbox as a person uses it: chats, taps, payments. Its control API and nothing of its files. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError } from '../output.ts';

const button = z.object({
  text: z.string(),
  callback_data: z.string().optional(),
  url: z.string().optional(),
  copy_text: z.object({ text: z.string() }).optional(),
});
const message = z.object({
  id: z.number(),
  text: z.string().optional(),
  replyMarkup: z.object({ inline_keyboard: z.array(z.array(button)).optional() }).optional(),
});
const messages = z.union([z.array(message), z.object({ messages: z.array(message) }).transform((page) => page.messages)]);
const paid = z.object({ status: z.string(), error: z.string().optional() });
const sessionPaid = z.object({ outcome: z.string() });
const person = z.object({ id: z.number() });
const coinPayments = z.object({ payments: z.array(z.object({ payment_id: z.union([z.string(), z.number()]) })) });

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
  /** What it copies. */
  readonly copies: string | undefined;
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

  /** The newest button whose data, address or text to copy fits, or undefined. */
  async function look(person: Person, chatId: number, fits: RegExp): Promise<FoundButton | undefined> {
    for (const { id, replyMarkup } of (await read(person, chatId)).toSorted((a, b) => b.id - a.id)) {
      for (const [row, buttons] of (replyMarkup?.inline_keyboard ?? []).entries()) {
        const column = buttons.findIndex((one) => [one.callback_data, one.url, one.copy_text?.text].some((text) => fits.test(text ?? '')));
        const found = buttons[column];
        if (found) return { messageId: id, row, column, data: found.callback_data ?? '', url: found.url, copies: found.copy_text?.text };
      }
    }
    return undefined;
  }

  return {
    async send(person: Person, text: string, chatId = person.id): Promise<void> {
      await call(z.unknown(), '/sandbox/messages', { bot, person: person.id, chatId, text });
    },
    async tap(person: Person, { messageId, row, column }: FoundButton, chatId = person.id): Promise<void> {
      await call(z.unknown(), '/sandbox/taps', { bot, person: person.id, chatId, messageId, row, column });
    },
    /** Somebody who was never here. */
    async addPerson(name: string): Promise<Person> {
      return { id: (await call(person, '/sandbox/people', { firstName: name, languageCode: 'en' })).id, name };
    },
    /** Waits until the chat shows a button whose data, address or text to copy fits. @throws CommandError when none appears in time */
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
    /** Sends what a payment at NOWPayments asks for. */
    async payInCoins(paymentId: string): Promise<void> {
      const path = '/sandbox/nowpayments/payments';
      const { payments } = await call(coinPayments, `${path}?orderId=${encodeURIComponent(paymentId)}`);
      const [payment] = payments;
      if (!payment) throw new CommandError(`NOWPayments has no payment ${paymentId}.`);
      await call(z.unknown(), `${path}/${payment.payment_id}/send`, {});
    },
    /** Sends `units` of a coin to an address of its chain, and has two blocks mined. */
    async payOnChain(coin: 'btc' | 'ltc', address: string, units: string): Promise<void> {
      await call(z.unknown(), `/sandbox/chain/${coin}/send`, { outputs: [{ address, units }] });
      await call(z.unknown(), `/sandbox/chain/${coin}/mine`, { blocks: 2 });
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
