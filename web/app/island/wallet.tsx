/** @jsxImportSource hono/jsx/dom */
/** The wallet: what is in it, and every change of it. */
import { useState } from 'hono/jsx/dom';
import { formatOrderCode } from '../../../domain/order-code.ts';
import { reasonIds } from '../../../texts/wallet-reason.ts';
import { useApp, useLoad, useMainButton } from './app-context.ts';
import { BigAmount, Bones, Heading, Icon, Nothing } from './parts.tsx';
import { Failure } from './problem.tsx';
import type { Texts } from './texts.ts';
import type { WalletAnswer } from './wire.ts';

export function Wallet() {
  const { texts, api, router } = useApp();
  const { data, problem, reload, set } = useLoad<WalletAnswer>('wallet', () => api.wallet());
  const [isBusy, setIsBusy] = useState(false);
  useMainButton(data ? { text: texts.say('app-refill'), press: () => router.go({ at: 'refill' }) } : undefined);
  if (!data) {
    return (
      <>
        <Heading>{texts.say('app-wallet')}</Heading>
        {problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="row" count={4} />}
      </>
    );
  }
  const loadMore = async () => {
    if (data.next === null || isBusy) return;
    setIsBusy(true);
    try {
      const page = await api.wallet(data.next);
      set({ ...data, entries: [...data.entries, ...page.entries], next: page.next });
    } catch {
      // The key stays, and may be pressed again.
    } finally {
      setIsBusy(false);
    }
  };
  const { balance: whole, cash, bonus, stars, debt, currency, entries } = data;
  const parts = [
    ['app-cash', cash],
    ['app-bonus', bonus],
    ['app-stars-money', stars],
  ] as const;
  const filled = parts.filter(([, amount]) => amount !== 0);
  return (
    <>
      <Heading isHidden>{texts.say('app-wallet')}</Heading>
      <section class="sheet balance">
        <p class="soft">{texts.say('app-balance')}</p>
        <BigAmount amount={whole} currency={currency} />
        {filled.length > 1 ? (
          <dl>
            {filled.map(([id, amount]) => (
              <div key={id}>
                <dt>{texts.say(id)}</dt>
                <dd>{texts.money(amount, currency)}</dd>
              </div>
            ))}
          </dl>
        ) : null}
        {debt > 0 ? <p class="notice bad">{texts.say('app-debt', { amount: texts.money(debt, currency) })}</p> : null}
      </section>
      <div class="two-keys">
        <button type="button" class="soft-button" data-testid="give" onClick={() => router.go({ at: 'gifts' })}>
          <Icon name="gift" size={20} /> {texts.say('gift-button')}
        </button>
        <button type="button" class="soft-button" data-testid="redeem" onClick={() => router.go({ at: 'redeem' })}>
          <Icon name="ticket" size={20} /> {texts.say('redeem-button')}
        </button>
      </div>
      {entries.length === 0 ? (
        <Nothing icon="wallet" title={texts.say('app-entries-empty')} words={texts.say('app-entries-empty-text')} />
      ) : (
        <section>
          <h2 class="list-title">{texts.say('app-entries')}</h2>
          <ul class="sheet list">
            {entries.map(({ id, at, reason, code, amount, balance }) => (
              <li key={String(id)} class="entry" data-testid="entry">
                <span class="row-words">
                  <span class="row-title">{sayReason(texts, reason, code)}</span>
                  <small class="soft">{texts.time(at)}</small>
                </span>
                <span class="entry-amounts">
                  <span class={`amount ${amount > 0 ? 'plus' : ''}`}>
                    {amount > 0 ? '+' : '−'}
                    {texts.money(Math.abs(amount), currency)}
                  </span>
                  <small class="soft">{texts.say('app-after', { balance: texts.money(balance, currency) })}</small>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {data.next === null ? null : (
        <button type="button" class="soft-button wide" aria-busy={isBusy ? 'true' : 'false'} onClick={() => void loadMore()}>
          {texts.say(isBusy ? 'app-loading' : 'app-load-more')}
        </button>
      )}
    </>
  );
}

/** What moved the money; with the order's code where it was about one, kept on one line. */
function sayReason(texts: Texts, reason: string, code: string | null): string {
  return texts.say(reasonIds[reason] ?? 'wallet-reason-other', { code: code === null ? '' : formatOrderCode(code).replace('-', '\u2011') });
}
