/** @jsxImportSource hono/jsx/dom */
/** What one bought, newest first. */
import { useState } from 'hono/jsx/dom';
import { formatOrderCode } from '../../../domain/order-code.ts';
import { useApp, useLoad } from './app-context.ts';
import { Bones, Heading, Icon, Nothing } from './parts.tsx';
import { Failure } from './problem.tsx';
import { moodOfOrder, titleOfOrder } from './stage.ts';
import type { OrdersAnswer } from './wire.ts';

type OrderRow = OrdersAnswer['orders'][number];

export function Orders() {
  const { texts, api, router } = useApp();
  const { data, problem, reload, set } = useLoad<OrdersAnswer>('orders', () => api.orders());
  const [isBusy, setIsBusy] = useState(false);
  const loadMore = async () => {
    if (!data?.next || isBusy) return;
    setIsBusy(true);
    try {
      const page = await api.orders(data.next);
      set({ orders: [...data.orders, ...page.orders], next: page.next });
    } catch {
      // The key stays, and may be pressed again.
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Heading>{texts.say('app-orders')}</Heading>
      {!data ? (
        problem ? (
          <Failure problem={problem} retry={reload} />
        ) : (
          <Bones kind="row" count={4} />
        )
      ) : data.orders.length === 0 ? (
        <Nothing
          icon="orders"
          title={texts.say('app-orders-empty')}
          words={texts.say('app-orders-empty-text')}
          act={texts.say('app-to-shop')}
          press={() => router.go({ at: 'shop' })}
        />
      ) : (
        <ul class="sheet list">
          {data.orders.map((order) => (
            <Row key={order.code} order={order} />
          ))}
        </ul>
      )}
      {data?.next ? (
        <button type="button" class="soft-button wide" aria-busy={isBusy ? 'true' : 'false'} onClick={() => void loadMore()}>
          {texts.say(isBusy ? 'app-loading' : 'app-load-more')}
        </button>
      ) : null}
    </>
  );
}

function Row({ order }: { order: OrderRow }) {
  const { texts, router } = useApp();
  const { code, status, placedAt, currency, lines, method, starsTotal, total } = order;
  const inStars = method === 'stars' && starsTotal !== null;
  const titles = lines.map(({ title, quantity }) => (quantity > 1 ? `${title} × ${quantity}` : title)).join(', ');
  return (
    <li>
      <button type="button" class="row" data-testid="order" onClick={() => router.go({ at: 'order', code })}>
        <span class="row-words">
          <span class="row-title">{titles}</span>
          <span class="row-line">
            <small class={`mood ${moodOfOrder(status)}`}>{texts.say(titleOfOrder(status))}</small>
            <span class="amount">{inStars ? texts.money(starsTotal, 'XTR') : texts.money(total, currency)}</span>
          </span>
          <small class="soft">
            {formatOrderCode(code)} · {texts.time(placedAt)}
          </small>
        </span>
        <Icon name="right" size={18} />
      </button>
    </li>
  );
}
