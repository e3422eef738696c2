/** The hosted pay page: what a customer of the real Checkout would see, with test cards only. */
import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { SandboxContext } from '../context.ts';
import { findCard, testCards } from './cards.ts';
import type { PayResult } from './checkout.ts';
import { farEndOf } from './far-end.ts';
import type { StoredIntent, StoredSession } from './objects.ts';
import { pageScript, pageStyle } from './page-style.ts';
import { type PageTexts, textsOf } from './page-texts.ts';

type Content = ReturnType<typeof html>;
const methodNames: Readonly<Record<string, string>> = { link: 'Link', blik: 'BLIK', p24: 'Przelewy24', sepa_debit: 'SEPA' };
/** Methods whose money arrives later. */
const slowMethods = new Set(['sepa_debit']);

/** Routes `/pay/:id`, relative to where Stripe is mounted. */
export function createPayPage(context: SandboxContext): Hono {
  const farEnd = farEndOf(context);
  const app = new Hono();

  const find = (id: string) => {
    farEnd.runDue();
    return farEnd.store.find<StoredSession>('checkout.session', id)?.object;
  };
  const needsApproval = (session: StoredSession) => {
    const intent = session.payment_intent ? farEnd.store.find<StoredIntent>('payment_intent', session.payment_intent)?.object : undefined;
    return session.status === 'open' && intent?.status === 'requires_action';
  };

  app.get('/pay/:id', (c) => {
    const session = find(c.req.param('id'));
    if (!session) return missingPage(c);
    if (session.status !== 'open') return closedPage(c, session);
    return needsApproval(session) ? approvalPage(c, session) : formPage(c, session);
  });

  app.post('/pay/:id', async (c) => {
    const session = find(c.req.param('id'));
    if (!session) return missingPage(c);
    const body = await c.req.parseBody();
    const field = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
    const { texts } = textsOf(session.locale);
    const method = field('method') || 'card';
    if (!session.payment_method_types.includes(method)) return formPage(c, session, texts.unknownCard);
    const card = method === 'card' ? findCard(field('cardNumber')) : undefined;
    if (method === 'card' && !card) return formPage(c, session, texts.unknownCard, field('cardNumber'));
    const result = farEnd.pay(session.id, { card, method, email: field('email') || undefined, async: slowMethods.has(method) });
    return afterPay(c, result, session.id, field('cardNumber'));
  });

  app.post('/pay/:id/approve', async (c) => {
    const session = find(c.req.param('id'));
    if (!session) return missingPage(c);
    const { verdict } = await c.req.parseBody();
    if (!needsApproval(session)) return c.redirect(here(c), 303);
    const approved = testCards.find((card) => card.outcome === 'authenticate');
    if (verdict === 'approve') return afterPay(c, farEnd.pay(session.id, { card: approved, authenticated: true }), session.id);
    const { texts } = textsOf(session.locale);
    const refused = { ...(approved as NonNullable<typeof approved>), outcome: 'decline' as const, declineCode: 'authentication_required' };
    farEnd.pay(session.id, { card: { ...refused, message: texts.refused } });
    return formPage(c, find(session.id) as StoredSession, texts.refused);
  });

  function afterPay(c: Context, result: PayResult, id: string, cardNumber = '') {
    const session = find(id) as StoredSession;
    if (result.outcome === 'declined') return formPage(c, session, result.message, cardNumber);
    if (result.outcome === 'requiresAction' || result.outcome === 'closed') return c.redirect(here(c), 303);
    const target = (session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id);
    // A chat is no page to be sent to: the sandbox's own chat stands for it.
    return isChat(target) ? c.redirect(here(c), 303) : c.redirect(target, 303);
  }
  return app;
}

/** Address of the session's page, whichever of its forms was sent. */
function here(c: Context): string {
  return c.req.path.replace(/\/approve$/, '');
}

function isChat(address: string): boolean {
  return URL.canParse(address) && new URL(address).hostname === 't.me';
}

function chatLink(address: string | null): string {
  if (!address || !isChat(address)) return address ?? '/';
  return `/?bot=${encodeURIComponent(new URL(address).pathname.slice(1))}`;
}

function formPage(c: Context, session: StoredSession, error = '', cardNumber = '') {
  if (session.status !== 'open') return closedPage(c, session);
  const { language, texts } = textsOf(session.locale);
  const money = (amount: number) => formatMoney(amount, session.currency ?? 'eur', language);
  const total = money(session.amount_total ?? 0);
  const others = session.payment_method_types.filter((method) => method !== 'card');
  const lines = session.line_items.data.map(
    (line) =>
      html`<li><span>${line.description}${(line.quantity ?? 1) > 1 ? html` <span class="soft">× ${line.quantity}</span>` : ''}</span><span>${money(line.amount_total)}</span></li>`,
  );
  const summary = html`<section aria-label="${texts.total}">
    <p class="soft"><a href="${chatLink(session.cancel_url)}">← ${texts.back}</a></p>
    <h1 data-testid="amount">${total}</h1>
    <ul class="lines">${lines}<li class="total"><span>${texts.total}</span><span>${total}</span></li></ul>
    <p class="soft">${texts.expires} <time datetime="${new Date(session.expires_at * 1000).toISOString()}"></time></p>
  </section>`;
  const buttons = others.map(
    (method) =>
      html`<button name="method" value="${method}" data-testid="pay-${method}">${texts.payWith} ${methodNames[method] ?? method}</button>`,
  );
  const cards = testCards.map(
    (card) =>
      html`<tr><td>${card.number.replaceAll(/(.{4})(?=.)/g, '$1 ')}<br><span class="soft">${texts[card.outcome]}</span></td><td><button type="button" data-card="${card.number}">${texts.useCard}</button></td></tr>`,
  );
  const form = html`<section class="panel">
    ${error ? html`<p class="error" role="alert" data-testid="error">${error}</p>` : ''}
    ${others.length > 0 ? html`<form method="post" action="${here(c)}" class="methods">${buttons}</form><div class="or">${texts.or}</div>` : ''}
    <form method="post" action="${here(c)}">
      <input type="hidden" name="method" value="card">
      <label for="email">${texts.email}</label><input id="email" name="email" type="email" autocomplete="off" value="customer@example.com">
      <label for="cardNumber">${texts.cardNumber}</label>
      <input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="off" required placeholder="4242 4242 4242 4242" value="${cardNumber || '4242 4242 4242 4242'}">
      <div class="pair">
        <div><label for="expiry">${texts.expiry}</label><input id="expiry" name="expiry" autocomplete="off" value="12 / 34"></div>
        <div><label for="securityCode">${texts.securityCode}</label><input id="securityCode" name="securityCode" autocomplete="off" value="123"></div>
      </div>
      <button class="main" data-testid="pay">${texts.pay} ${total}</button>
    </form>
    <details><summary>${texts.testCards}</summary><table>${cards}</table></details>
  </section>`;
  return c.html(document(language, texts, total, html`<main>${summary}${form}</main>`));
}

function approvalPage(c: Context, session: StoredSession) {
  const { language, texts } = textsOf(session.locale);
  const body = html`<main class="notice"><span class="mark" aria-hidden="true">🔐</span><h1>${texts.secureTitle}</h1>
    <p class="soft">${texts.secureText} ${formatMoney(session.amount_total ?? 0, session.currency ?? 'eur', language)}</p>
    <form method="post" action="${here(c)}/approve" class="methods">
      <button class="main" name="verdict" value="approve" data-testid="approve">${texts.approve}</button>
      <button name="verdict" value="refuse" data-testid="refuse">${texts.refuse}</button>
    </form></main>`;
  return c.html(document(language, texts, texts.secureTitle, body));
}

function closedPage(c: Context, session: StoredSession) {
  const { language, texts } = textsOf(session.locale);
  const kind = session.status === 'expired' ? 'expired' : session.payment_status === 'paid' ? 'paid' : 'processing';
  const mark = { expired: '✕', paid: '✓', processing: '…' }[kind];
  const body = html`<main class="notice" data-testid="${kind}"><span class="mark ${kind === 'expired' ? 'bad' : 'good'}" aria-hidden="true">${mark}</span>
    <h1>${texts[`${kind}Title`]}</h1><p class="soft">${texts[`${kind}Text`]}</p>
    <a class="button main" href="${chatLink(session.success_url)}">${texts.toChat}</a></main>`;
  return c.html(document(language, texts, texts[`${kind}Title`], body));
}

function missingPage(c: Context) {
  const { language, texts } = textsOf('en');
  const body = html`<main class="notice"><span class="mark bad" aria-hidden="true">✕</span><h1>${texts.missingTitle}</h1><p class="soft">${texts.missingText}</p></main>`;
  return c.html(document(language, texts, texts.missingTitle, body), 404);
}

function document(language: string, texts: PageTexts, title: string, body: Content) {
  return html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${texts.sandbox}</title><link rel="icon" href="data:,"><style>${raw(pageStyle)}</style></head>
<body><div class="ribbon" role="note">${texts.sandbox}</div>${body}<script type="module">${raw(pageScript)}</script></body></html>`;
}

/** @param amount in Stripe's minor units, which for ISK and UGX have two decimals though none are shown. */
function formatMoney(amount: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency: currency.toUpperCase() });
  const shown = ['isk', 'ugx'].includes(currency) ? 2 : (format.resolvedOptions().maximumFractionDigits ?? 2);
  return format.format(amount / 10 ** shown);
}
