/** A sandbox in the test's own process, on a free port, and short ways to act as a person in it. */
import { Api, Bot } from 'grammy';
import { readConfig } from '../../config.ts';
import type { ChatEvent, ChatMessage, ChatPerson, PayResult, TapResult } from '../../sandbox/telegram/chat-contract.ts';
import { demoBotToken, demoBotUsername } from '../../sandbox/telegram/demo.ts';
import { startSandbox } from '../../sandbox/server.ts';

export type TestSandbox = Awaited<ReturnType<typeof serveSandbox>>;

/** @param options.file the sandbox's file; serve the same file again to see what survives a kill */
export async function serveSandbox(options: { file?: string; clock?: () => number } = {}) {
  const config = readConfig({});
  const sandbox = await startSandbox(
    { ...config, ports: { ...config.ports, sandbox: 0 } },
    { pages: false, file: options.file ?? ':memory:', ...(options.clock && { clock: options.clock }) },
  );
  return { ...sandbox, ...openSandbox(sandbox.url) };
}

/** Acts in a sandbox at `url`, whichever process it runs in. */
export function openSandbox(url: string) {
  const apiRoot = `${url}/telegram`;
  const bot = demoBotUsername;

  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const init = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${url}/sandbox${path}`, { method, ...init });
    const answer = (await response.json()) as Answer & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? String(response.status));
    return answer;
  }

  return {
    apiRoot,
    call,
    api: (token = demoBotToken) => new Api(token, { apiRoot }),
    bot: (token = demoBotToken) => new Bot(token, { client: { apiRoot } }),
    /** A plain Bot API call, with the answer as it came. */
    async raw(method: string, params: object = {}, token = demoBotToken): Promise<{ status: number; body: Record<string, unknown> }> {
      const response = await fetch(`${apiRoot}/bot${token}/${method}`, {
        method: 'POST',
        body: JSON.stringify(params),
        headers: { 'content-type': 'application/json' },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    say: (person: number, text: string, chatId?: number) => call<ChatMessage>('POST', '/messages', { bot, person, text, chatId }),
    /** Sends a file as a person does by the page's attach button. */
    async attach(
      person: number,
      kind: 'photo' | 'document',
      file: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array },
      { caption = '', chatId = person }: { caption?: string; chatId?: number } = {},
    ): Promise<ChatMessage> {
      const form = new FormData();
      for (const [name, value] of Object.entries({ bot, person, chatId, kind, caption })) form.append(name, String(value));
      form.append('file', new File([Buffer.from(file.bytes)], file.name, { type: file.mediaType }));
      const response = await fetch(`${url}/sandbox/files`, { method: 'POST', body: form });
      const answer = (await response.json()) as ChatMessage & { error?: string };
      if (!response.ok) throw new Error(answer.error ?? String(response.status));
      return answer;
    },
    tap: (person: number, messageId: number, row = 0, column = 0, chatId = person) =>
      call<TapResult>('POST', '/taps', { bot, person, chatId, messageId, row, column }),
    pay: (person: number, what: { slug: string } | { messageId: number }, options: { abandon?: boolean; delaySeconds?: number } = {}) =>
      call<PayResult>('POST', '/invoices/pay', {
        person,
        ...('slug' in what ? what : { bot, chatId: person, messageId: what.messageId }),
        ...options,
      }),
    fault: (fault: { target: string; kind: string; method?: string; times?: number; seconds?: number }) => call('POST', '/faults', fault),
    messages: (person: number, chatId = person) =>
      call<ChatMessage[]>('GET', `/chats/${chatId}/messages?person=${person}&bot=${bot}&limit=200`),
    async stars(person: number): Promise<number> {
      const people = await call<ChatPerson[]>('GET', '/people');
      return people.find((one) => one.id === person)?.stars ?? Number.NaN;
    },
    /** Follows a person's events until `until` is true. @returns all seen */
    async events(person: number, until: (seen: readonly ChatEvent[]) => boolean, act: () => Promise<unknown>): Promise<ChatEvent[]> {
      const abort = new AbortController();
      const response = await fetch(`${url}/sandbox/events?person=${person}`, { signal: abort.signal });
      const seen: ChatEvent[] = [];
      const acting = act();
      let text = '';
      for await (const chunk of response.body ?? []) {
        text += new TextDecoder().decode(chunk);
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const data = part.startsWith('data: ') ? part.slice(6) : undefined;
          if (data) seen.push(JSON.parse(data) as ChatEvent);
        }
        if (until(seen)) break;
      }
      abort.abort();
      await acting;
      return seen;
    },
  };
}
