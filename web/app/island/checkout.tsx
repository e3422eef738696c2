/** @jsxImportSource hono/jsx/dom */
/** The last look before paying: what it costs, and by which method. The main button places the order, once. */
import { useState } from 'hono/jsx/dom';
import { ApiError } from './api.ts';
import { forget, useApp, useLoad, useMainButton, useOnce } from './app-context.ts';
import { Sums } from './basket.tsx';
import { Coins } from './coins.tsx';
import { Methods } from './methods.tsx';
import { Bones, Heading } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import type { Line, QuoteAnswer } from './wire.ts';

export interface CheckoutProps {
  readonly from: 'basket' | 'product';
  /** Of a basket that is several orders, or of a product, what this one is of. */
  readonly lines: readonly Line[] | undefined;
}

export function Checkout({ from, lines }: CheckoutProps) {
  const { texts, api, router, feel, toast } = useApp();
  const quote = useLoad<QuoteAnswer>(`quote:${JSON.stringify(lines ?? from)}`, () => api.quote(lines));
  const [chosen, setMethod] = useState<string | undefined>(undefined);
  const [coin, setCoin] = useState<string | undefined>(undefined);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);

  const offered = quote.data?.methods.filter((one) => one.offered) ?? [];
  const method = offered.find((one) => one.method === chosen) ?? (offered.length === 1 ? offered[0] : undefined);

  const pay = useOnce(async () => {
    if (!quote.data || !method) return;
    feel('press');
    setRefusal(undefined);
    const [line] = lines ?? [];
    const what = from === 'product' && line ? { type: 'product', ...line } : { type: 'basket', ...(lines ? { lines } : {}) };
    const body = { ...what, method: method.method, ...(method.coins ? { currency: coin } : {}), shownTotal: method.amount };
    try {
      const payment = await api.pay('/payment/create', body);
      forget();
      router.replace({ at: 'payment', id: payment.payment_id });
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
      toast(sayProblem(texts, err));
      if (err instanceof ApiError && err.status === 409) quote.reload();
    }
  });

  const isFree = quote.data?.total === 0;
  const isReady = method !== undefined && (!method.coins || coin !== undefined);
  useMainButton(
    quote.data && offered.length > 0
      ? {
          text: isFree
            ? texts.say('app-get-free')
            : texts.say('app-pay', { total: texts.money(method?.amount ?? quote.data.total, method?.currency ?? quote.data.currency) }),
          press: () => pay.run(),
          isActive: isReady,
          isBusy: pay.isBusy,
        }
      : undefined,
  );

  if (!quote.data) return quote.problem ? <Failure problem={quote.problem} retry={quote.reload} /> : <Bones kind="block" count={2} />;
  const { balance, currency, topUp, holdSeconds } = quote.data;
  return (
    <>
      <Heading>{texts.say('app-checkout-title')}</Heading>
      <section class="sheet list">
        <ul class="plain">
          {quote.data.lines.map((line) => (
            <li key={String(line.id)} class="line-of">
              <span>
                {line.title}
                <small class="soft"> × {line.quantity}</small>
              </span>
              <span class="amount">{texts.money(line.total, line.currency)}</span>
            </li>
          ))}
        </ul>
      </section>
      <Sums basket={quote.data} />
      <Methods
        methods={quote.data.methods}
        chosen={method?.method}
        isDisabled={pay.isBusy}
        choose={(name) => {
          setMethod(name);
          setRefusal(undefined);
        }}
        note={(name) => (name === 'wallet' ? texts.say('app-have', { amount: texts.money(balance, currency) }) : undefined)}
      />
      {method?.coins ? <Coins method={method.method} chosen={coin} choose={setCoin} /> : null}
      {topUp !== null && topUp > 0 ? (
        <button type="button" class="soft-button wide" onClick={() => router.go({ at: 'refill', amount: topUp })}>
          {texts.say('app-refill-pay', { amount: texts.money(topUp, currency) })}
        </button>
      ) : null}
      {offered.length === 0 ? <p class="notice warn">{texts.say('app-no-method')}</p> : null}
      {refusal === undefined ? null : (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
      <p class="soft centred">{texts.say('app-holds', { minutes: Math.max(1, Math.round(holdSeconds / 60)) })}</p>
    </>
  );
}
