/** Calls to the shop, as whoever Telegram says is looking. Money is asked for by a key that stays the same however often it is sent. */
import type {
  BasketAnswer,
  ClaimsAnswer,
  CoinsAnswer,
  DistrictsAnswer,
  GiftLinkAnswer,
  GiftsAnswer,
  GoodsAnswer,
  Line,
  OrderAnswer,
  OrdersAnswer,
  PaymentAnswer,
  ProductCardAnswer,
  ProductsAnswer,
  QuoteAnswer,
  RedeemedAnswer,
  ReferralsAnswer,
  RefillsAnswer,
  SettingsAnswer,
  ShopAnswer,
  StatusAnswer,
  WalletAnswer,
  WatchingAnswer,
} from './wire.ts';

/** A refusal or failure. `reason` is the shop's own name for it; `status` 0 means that nobody answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  constructor(status: number, facts: Readonly<Record<string, unknown>> = {}) {
    super(typeof facts.detail === 'string' ? facts.detail : `HTTP ${status}`);
    this.status = status;
    this.reason = typeof facts.reason === 'string' ? facts.reason : undefined;
    this.facts = facts;
  }
}

/** How often a call about money is sent again by itself while nobody answers, and how long it waits in between, ms. */
const mostTries = 4;
const againMs = 1_500;

export interface ProductFilter {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly district?: string | undefined;
  readonly category?: number | undefined;
  readonly kind?: string | undefined;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function createApi(root: string, initData: string, keys: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  const headers = { 'x-telegram-init-data': initData };

  async function ask(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(`${root}${path}`, { ...init, headers: { ...headers, ...init.headers } });
    } catch (err) {
      if (init.signal?.aborted) throw err;
      throw new ApiError(0);
    }
  }

  async function call<Answer>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await ask(path, { method, ...sent, headers: { ...type, ...more } });
    const told: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new ApiError(response.status, typeof told === 'object' && told !== null ? { ...told } : {});
    return told as Answer;
  }

  /**
   * Sends what moves money until there is an answer. The key of a wish is kept until it was answered, also over a reload: so pressing again, or
   * opening the app again, is the same order.
   */
  async function pay<Answer = PaymentAnswer>(path: string, body: Readonly<Record<string, unknown>>): Promise<Answer> {
    const place = `key:${root}${path}:${JSON.stringify(body)}`;
    const key = keys.getItem(place) ?? crypto.randomUUID();
    keys.setItem(place, key);
    for (let tries = 1; ; tries += 1) {
      try {
        const { nonce } = await call<{ nonce: string }>('POST', '/payment/nonce');
        const answer = await call<Answer>('POST', path, body, { 'x-nonce': nonce, 'idempotency-key': key });
        keys.removeItem(place);
        return answer;
      } catch (err) {
        const isOpen = err instanceof ApiError && (err.status === 0 || err.status >= 500);
        // Refused for good: pressing again is another wish.
        if (!isOpen) keys.removeItem(place);
        if (!isOpen || tries === mostTries) throw err;
        await wait(againMs);
      }
    }
  }

  const query = (values: Readonly<Record<string, string | number | undefined>>) => {
    const given = Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, String(value)]]));
    return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][])}`;
  };

  const writeLine = ({ productId, quantity, amount }: Line) => `${productId}x${quantity}${amount === undefined ? '' : `@${amount}`}`;

  return {
    photo: (id: number) => `${root}/photos/${id}`,
    shop: () => call<ShopAnswer>('GET', '/shop'),
    districts: (city: string) => call<DistrictsAnswer>('GET', `/districts${query({ city })}`),
    products: (filter: ProductFilter, cursor?: string) => call<ProductsAnswer>('GET', `/products${query({ ...filter, cursor })}`),
    product: (id: number) => call<ProductCardAnswer>('GET', `/products/${id}`),
    watch: (id: number) => call<WatchingAnswer>('PUT', `/products/${id}/watch`),
    unwatch: (id: number) => call<WatchingAnswer>('DELETE', `/products/${id}/watch`),
    basket: () => call<BasketAnswer>('GET', '/basket'),
    setLine: (productId: number, quantity: number) => call<BasketAnswer>('PUT', `/basket/lines/${productId}`, { quantity }),
    quote: (lines?: readonly Line[]) => call<QuoteAnswer>('GET', `/quote${query({ lines: lines?.map(writeLine).join(',') })}`),
    enterCode: (code: string) => call<BasketAnswer>('POST', '/basket/code', { code }),
    removeCode: () => call<BasketAnswer>('DELETE', '/basket/code'),
    coins: (method: string) => call<CoinsAnswer>('GET', `/coins${query({ method })}`),
    refills: () => call<RefillsAnswer>('GET', '/refills'),
    wallet: (cursor?: number) => call<WalletAnswer>('GET', `/wallet${query({ cursor })}`),
    gifts: () => call<GiftsAnswer>('GET', '/gifts'),
    makeGift: (amount: number) => pay<GiftLinkAnswer>('/gifts', { amount }),
    takeGiftBack: (id: number) => call<GiftsAnswer>('POST', `/gifts/${id}/back`),
    redeem: (code: string) => call<RedeemedAnswer>('POST', '/vouchers/redeem', { code }),
    orders: (cursor?: number) => call<OrdersAnswer>('GET', `/orders${query({ cursor })}`),
    order: (code: string) => call<OrderAnswer>('GET', `/orders/${code}`),
    claims: (code: string) => call<ClaimsAnswer>('GET', `/orders/${code}/claims`),
    claim: (code: string, said: { lineId: number; unitId: number | null; description: string }) =>
      call<ClaimsAnswer>('POST', `/orders/${code}/claims`, said),
    withdrawClaim: (code: string, id: number) => call<ClaimsAnswer>('POST', `/orders/${code}/claims/${id}/withdraw`),
    resend: (code: string) => call<OrderAnswer>('POST', `/orders/${code}/resend`),
    cancel: (code: string) => call<OrderAnswer>('POST', `/orders/${code}/cancel`),
    showGoods: (code: string, lineId: number) => call<GoodsAnswer>('POST', `/orders/${code}/lines/${lineId}/show`),
    referrals: () => call<ReferralsAnswer>('GET', '/referrals'),
    saveSettings: (settings: { language: string }) => call<SettingsAnswer>('PATCH', '/settings', settings),
    pay,
    /** Has the provider asked what became of a payment. */
    askProvider: (paymentId: string) => call<StatusAnswer>('POST', `/payment/status/${paymentId}/ask`),
    /** Follows a payment until it is final or `signal` is aborted; comes again by itself when the line breaks. */
    async follow(paymentId: string, tell: (status: StatusAnswer) => void, signal: AbortSignal): Promise<void> {
      let seen: string | undefined;
      while (!signal.aborted) {
        try {
          const more: Record<string, string> = seen === undefined ? {} : { 'last-event-id': seen };
          const response = await ask(`/payment/status/${paymentId}/events`, { headers: more, signal });
          if (response.status === 204) return;
          if (!response.ok || !response.body) throw new ApiError(response.status);
          for await (const { id, data } of readEvents(response.body)) {
            seen = id;
            const status = JSON.parse(data) as StatusAnswer;
            tell(status);
            if (status.final) return;
          }
        } catch (err) {
          if (signal.aborted) return;
          if (err instanceof ApiError && err.status >= 400 && err.status < 500 && err.status !== 429) throw err;
        }
        await wait(againMs);
      }
    },
  };
}

/** Server-sent events, read by hand: `EventSource` sends no headers. */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const id = /^id: ?(.*)$/m.exec(part)?.[1];
      const data = /^data: ?(.*)$/m.exec(part)?.[1];
      if (id !== undefined && data !== undefined) yield { id, data };
    }
  }
}

export type Api = ReturnType<typeof createApi>;
