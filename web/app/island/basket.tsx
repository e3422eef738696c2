/** @jsxImportSource hono/jsx/dom */
/** The basket, which is the one of the chat. */
import { basketQuantityLimit } from '../../../domain/order.ts';
import { useRef, useState } from 'hono/jsx/dom';
import { useApp, useLoad, useMainButton } from './app-context.ts';
import { CodeField } from './code-field.tsx';
import { Bones, Heading, Nothing, Photo, Price, Stepper, Stock } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import type { BasketAnswer, Line, QuotedLine } from './wire.ts';

export function Basket() {
  const { texts, api, router, feel, toast, noteBasket } = useApp();
  const { data, problem, reload, set } = useLoad<BasketAnswer>('basket', async () => {
    const basket = await api.basket();
    noteBasket(basket);
    return basket;
  });
  /** Changes are sent in turn: the answer of the newest is what counts. */
  const sending = useRef<Promise<void>>(Promise.resolve());
  const waiting = useRef(0);
  const [isSending, setIsSending] = useState(false);

  const change = (line: QuotedLine, quantity: number) => {
    if (data) set(withQuantity(data, line.id, quantity));
    waiting.current = (waiting.current ?? 0) + 1;
    setIsSending(true);
    sending.current = (sending.current ?? Promise.resolve())
      .then(() => api.setLine(line.id, quantity))
      .then(
        (basket) => {
          if (waiting.current === 1) set(basket);
          noteBasket(basket);
        },
        (err: unknown) => {
          feel('error');
          toast(sayProblem(texts, err));
          reload();
        },
      )
      .finally(() => {
        waiting.current = (waiting.current ?? 1) - 1;
        if (waiting.current === 0) setIsSending(false);
      });
  };
  const checkout = (lines?: readonly Line[]) => {
    feel('press');
    router.go({ at: 'checkout', from: 'basket', ...(lines ? { lines } : {}) });
  };

  const lines = data?.lines ?? [];
  const isOneOrder = (data?.groups.length ?? 1) <= 1;
  useMainButton(
    data && lines.length > 0 && isOneOrder
      ? {
          text: texts.say('app-checkout', { total: data.total === 0 ? texts.say('word-free') : texts.money(data.total, data.currency) }),
          press: () => checkout(),
          isBusy: isSending,
        }
      : undefined,
  );

  if (!data) return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="row" count={3} />;
  if (lines.length === 0 && data.gone.length === 0) {
    return (
      <>
        <Heading>{texts.say('app-basket')}</Heading>
        <Nothing
          icon="basket"
          title={texts.say('app-basket-empty')}
          words={texts.say('app-basket-empty-text')}
          act={texts.say('app-to-shop')}
          press={() => router.go({ at: 'shop' })}
        />
      </>
    );
  }
  const groups = isOneOrder ? [lines] : data.groups.map((ids) => lines.filter(({ id }) => ids.includes(id)));
  return (
    <>
      <Heading>{texts.say('app-basket')}</Heading>
      {isOneOrder ? null : <p class="notice warn">{texts.say('app-clash')}</p>}
      {groups.map((group) => (
        <section class="sheet list" key={group.map(({ id }) => id).join()}>
          <ul>
            {group.map((line) => (
              <Row key={String(line.id)} line={line} change={(quantity) => change(line, quantity)} />
            ))}
          </ul>
          {isOneOrder ? null : (
            <button
              type="button"
              class="soft-button wide"
              disabled={isSending}
              onClick={() => checkout(group.map(({ id, quantity }) => ({ productId: id, quantity })))}
            >
              {texts.say('app-group', { total: texts.money(sumOf(group), data.currency) })}
            </button>
          )}
        </section>
      ))}
      {data.gone.length > 0 ? (
        <section class="sheet">
          <h2>{texts.say('app-no-longer')}</h2>
          <ul class="plain">
            {data.gone.map((title) => (
              <li key={title} class="soft">
                {title}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <CodeField basket={data} changed={set} />
      <Sums basket={data} />
    </>
  );
}

const sumOf = (lines: readonly QuotedLine[]) => lines.reduce((sum, { total }) => sum + total, 0);

/** What the basket will look like, until the shop has said so. */
function withQuantity(basket: BasketAnswer, id: number, quantity: number): BasketAnswer {
  const lines = basket.lines
    .map((line) => (line.id === id ? { ...line, quantity, total: line.price * quantity } : line))
    .filter((line) => line.quantity > 0);
  return { ...basket, lines, total: sumOf(lines) };
}

function Row({ line, change }: { line: QuotedLine; change(quantity: number): void }) {
  const { router } = useApp();
  const { id, title, photoId, quantity, stock, customerLimit } = line;
  const most = Math.max(quantity, Math.min(stock ?? basketQuantityLimit, customerLimit ?? basketQuantityLimit, basketQuantityLimit));
  return (
    <li class="basket-row" data-testid="basket-row">
      <button type="button" class="thumb" tabIndex={-1} aria-hidden="true" onClick={() => router.go({ at: 'product', id })}>
        <Photo id={photoId} />
      </button>
      <div class="basket-words">
        <button type="button" class="basket-title" onClick={() => router.go({ at: 'product', id })}>
          {title}
        </button>
        <Price product={line} pieces={quantity} />
        <Stock stock={stock} />
      </div>
      <Stepper value={quantity} least={0} most={most} change={change} label={title} />
    </li>
  );
}

/** What it comes to, and what is saved. */
export function Sums({ basket }: { basket: Pick<BasketAnswer, 'lines' | 'total' | 'tax' | 'currency'> }) {
  const { texts } = useApp();
  const { lines, total, tax, currency } = basket;
  const before = lines.reduce((sum, { basePrice, quantity }) => sum + basePrice * quantity, 0);
  return (
    <section class="sheet sums">
      <dl>
        {before > total ? (
          <>
            <div>
              <dt>{texts.say('app-sum')}</dt>
              <dd>{texts.money(before, currency)}</dd>
            </div>
            <div class="good">
              <dt>{texts.say('app-saved')}</dt>
              <dd>−{texts.money(before - total, currency)}</dd>
            </div>
          </>
        ) : null}
        <div class="total">
          <dt>{texts.say('app-total')}</dt>
          <dd data-testid="total">{texts.money(total, currency)}</dd>
        </div>
        {tax > 0 ? (
          <div class="soft">
            <dt>{texts.say('app-tax')}</dt>
            <dd>{texts.money(tax, currency)}</dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}
