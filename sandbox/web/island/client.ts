/** Calls to the sandbox's own routes. Every failure is an `Error` whose message may be shown to the person. */
import type { Child, Recent, Timeline } from '../bar-contract.ts';
import type {
  ChatBot,
  ChatMessage,
  ChatPerson,
  ChatSummary,
  InlineAnswer,
  InvoiceView,
  PayResult,
  TapResult,
} from '../../telegram/chat-contract.ts';

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      // A form says its own type.
      headers: body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body),
    });
  } catch {
    throw new Error('The sandbox does not answer. Is it still running?');
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(wordsOf(answer) ?? `The sandbox answered ${response.status}.`);
  return answer as T;
}

function wordsOf(answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { error, detail, title } = answer as Record<string, unknown>;
  return [detail, error, title].find((value) => typeof value === 'string') as string | undefined;
}

const query = (values: Record<string, string | number | undefined>) =>
  new URLSearchParams(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))).toString();

/** Fault kinds the bar offers; see the sandbox's faults. */
export interface FaultOrder {
  target: 'telegram' | 'stripe' | 'webhook';
  kind: string;
  /** Of webhooks, whose. */
  method?: string;
  times: number;
}

/** Who is asked, by whom, and in which chat. */
interface InlinePlace {
  bot: string;
  person: number;
  chatBot: string;
  chatId: number;
}

export const client = {
  bots: (person?: number) => call<ChatBot[]>('GET', `/sandbox/bots?${query({ person })}`),
  people: () => call<ChatPerson[]>('GET', '/sandbox/people'),
  addPerson: (person: { firstName: string; languageCode: string }) => call<ChatPerson>('POST', '/sandbox/people', person),
  chats: (person: number, bot: string) => call<ChatSummary[]>('GET', `/sandbox/chats?${query({ person, bot })}`),
  messages: (person: number, bot: string, chatId: number, limit: number, before?: number) =>
    call<ChatMessage[]>('GET', `/sandbox/chats/${chatId}/messages?${query({ person, bot, before, limit })}`),
  send: (body: { bot: string; person: number; chatId: number; text: string }) => call<unknown>('POST', '/sandbox/messages', body),
  sendFile: (body: { bot: string; person: number; chatId: number; kind: 'photo' | 'document'; caption: string; file: File }) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(body)) form.append(name, value instanceof File ? value : String(value));
    return call<unknown>('POST', '/sandbox/files', form);
  },
  tap: (body: { bot: string; person: number; chatId: number; messageId: number; row: number; column: number; data: string }) =>
    call<TapResult>('POST', '/sandbox/taps', body),
  inline: (body: InlinePlace & { query: string; offset: string }) => call<InlineAnswer>('POST', '/sandbox/inline', body),
  pickInline: (body: InlinePlace & { queryId: string; resultId: string }) => call<ChatMessage>('POST', '/sandbox/inline/pick', body),
  initData: (body: { bot: string; person: number; startParam?: string | undefined }) =>
    call<{ initData: string }>('POST', '/sandbox/init-data', body),
  invoice: (slug: string) => call<InvoiceView>('GET', `/sandbox/invoices/${encodeURIComponent(slug)}`),
  pay: (body: { person: number; slug?: string; chatId?: number; messageId?: number; bot?: string }) =>
    call<PayResult>('POST', '/sandbox/invoices/pay', body),
  block: (bot: string, person: number, blocked: boolean) => call<unknown>('POST', '/sandbox/chats/block', { bot, person, blocked }),
  faults: () => call<{ target: string; kind: string }[]>('GET', '/sandbox/faults'),
  fault: (fault: FaultOrder) => call<unknown>('POST', '/sandbox/faults', fault),
  timeline: (code: string) => call<Timeline>('GET', `/bar/timelines/${encodeURIComponent(code)}`),
  recent: (person: number) => call<Recent[]>('GET', `/bar/timelines?${query({ person })}`),
  hold: () => call<{ holdSeconds: number }>('GET', '/bar/hold'),
  setHold: (holdSeconds: number) => call<{ holdSeconds: number }>('PUT', '/bar/hold', { holdSeconds }),
  children: () => call<Child[]>('GET', '/bar/children'),
  killWorkers: () => call<{ killed: string[] }>('POST', '/bar/kill-workers'),
};

/** Opens the stream of one person's events; the browser reconnects by itself and `onOpen` says each time it has. */
export function listen(person: number, on: { event(data: unknown): void; open(): void; lost(): void }): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const connect = () => {
    source = new EventSource(`/sandbox/events?${query({ person })}`);
    source.onopen = () => on.open();
    source.onmessage = (message) => on.event(JSON.parse(message.data));
    source.onerror = () => {
      if (closed) return;
      on.lost();
      // A refused connection closes the source for good; only then is it ours to try again.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, 2000);
    };
  };
  connect();
  return () => {
    closed = true;
    clearTimeout(retry);
    source.close();
  };
}
