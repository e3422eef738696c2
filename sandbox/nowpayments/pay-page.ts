/** A wallet full of coins, in the browser: what waits to be paid, and how exactly one sends. */
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { SandboxContext } from '../context.ts';
import { pageStyle } from '../stripe/page-style.ts';
import { nowPaymentsOf } from './far-end.ts';
import type { StoredPayment } from './store.ts';

type Content = ReturnType<typeof html>;

/** Time between two statuses, so that the chat shows each. */
const stepSeconds = 2;
const ways = [
  { name: 'exact', label: 'Send exactly that', percent: 100 },
  { name: 'less', label: 'Send 20 % less', percent: 80 },
  { name: 'more', label: 'Send 20 % more', percent: 120 },
] as const;

/** Routes `/pay` and `/pay/:id`, relative to where NOWPayments is mounted. */
export function createWallet(context: SandboxContext): Hono {
  const farEnd = nowPaymentsOf(context);
  const app = new Hono();

  app.get('/pay', (c) => {
    const waiting = farEnd.store.newest(20).filter((payment) => payment.parent_payment_id === null);
    const rows = waiting.map(
      (payment) =>
        html`<li><span><a href="${c.req.path}/${payment.payment_id}">${payment.order_description}</a> <span class="soft">${payment.payment_status}</span></span><span>${units(payment)}</span></li>`,
    );
    const list =
      rows.length > 0 ? html`<ul class="lines">${rows}</ul>` : html`<p class="soft">Nothing waits. Choose Crypto in the chat first.</p>`;
    return c.html(document('Wallet', html`<main class="notice"><h1>Your wallet of coins</h1>${list}</main>`));
  });

  app.get('/pay/:id', (c) => {
    const payment = farEnd.store.payment(c.req.param('id'));
    return payment
      ? c.html(page(payment, c.req.path))
      : c.html(document('Not found', html`<main class="notice"><h1>No such payment</h1></main>`), 404);
  });

  app.post('/pay/:id', async (c) => {
    const { way } = await c.req.parseBody();
    const chosen = ways.find(({ name }) => name === way);
    const payment = chosen && farEnd.pay(c.req.param('id'), { percent: chosen.percent, stepSeconds });
    return payment ? c.redirect(c.req.path, 303) : c.text('way: exact, less or more', 400);
  });
  return app;
}

const units = ({ pay_amount, pay_currency }: StoredPayment) => `${pay_amount} ${pay_currency.toUpperCase()}`;

function page(payment: StoredPayment, path: string): Content {
  const isFirst = payment.payment_status === 'waiting' || payment.payment_status === 'expired';
  const buttons = ways.map(
    ({ name, label }, index) =>
      html`<button class="${index === 0 ? 'main' : ''}" name="way" value="${name}" data-testid="send-${name}">${isFirst ? label : `${label}, once more`}</button>`,
  );
  const received =
    payment.actually_paid > 0
      ? html`<p data-testid="received">Sent: ${payment.actually_paid} ${payment.pay_currency.toUpperCase()}, <b>${payment.payment_status}</b></p>`
      : '';
  const further = payment.payment_extra_ids?.length ? html`<p class="soft">And ${payment.payment_extra_ids.length} further.</p>` : '';
  const body = html`<main><section aria-label="Payment">
    <p class="soft"><a href="/">← To the chat</a></p>
    <h1 data-testid="amount">${units(payment)}</h1>
    <ul class="lines">
      <li><span>For</span><span>${payment.order_description}</span></li>
      <li><span>Price</span><span>${payment.price_amount} ${payment.price_currency.toUpperCase()}</span></li>
      <li><span>To</span><span style="white-space:normal;overflow-wrap:anywhere">${payment.pay_address}</span></li>
      ${payment.payin_extra_id ? html`<li><span>Memo</span><span>${payment.payin_extra_id}</span></li>` : ''}
    </ul></section>
    <section class="panel">${received}${further}<form method="post" action="${path}" class="methods">${buttons}</form>
    <p class="soft">Coins that come after the time to pay, or a second time, are no mistake here: see where they end up.</p></section></main>`;
  return document(units(payment), body);
}

function document(title: string, body: Content): Content {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Sandbox, no real money</title><link rel="icon" href="data:,"><style>${raw(pageStyle)}</style></head>
<body><div class="ribbon" role="note">Sandbox, no real money</div>${body}</body></html>`;
}
