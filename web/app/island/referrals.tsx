/** @jsxImportSource hono/jsx/dom */
/** Friends: the link, what they brought, and the way to the next tier. */
import { useApp, useLoad, useMainButton } from './app-context.ts';
import { Bones, Copyable, Heading } from './parts.tsx';
import { Failure } from './problem.tsx';
import { shareLink } from './telegram.ts';
import type { ReferralsAnswer } from './wire.ts';

export function Referrals() {
  const { api } = useApp();
  const { data, problem, reload } = useLoad<ReferralsAnswer>('referrals', () => api.referrals());
  if (data) return <Told referrals={data} />;
  return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
}

function Told({ referrals }: { referrals: ReferralsAnswer }) {
  const { texts, shop, telegram, feel } = useApp();
  const { link, percent, friends, earned, held, currency, tier, discountPercent, next } = referrals;
  const share = () => {
    feel('press');
    shareLink(telegram, link ?? '', texts.say('app-invite-words', { shop: shop.title }));
  };
  useMainButton(link === null ? undefined : { text: texts.say('app-invite-share'), press: share });
  const done = next === null ? 1 : next.from === 0 ? 0 : Math.max(0, Math.min(1, (next.from - next.missing) / next.from));
  return (
    <>
      <Heading>{texts.say('app-invite')}</Heading>
      <section class="sheet">
        <p>{texts.say('app-invite-text', { percent })}</p>
        {link === null ? null : <Copyable label={texts.say('app-invite-link')} text={link} />}
      </section>
      <section class="sheet sums">
        <dl>
          <div class="total">
            <dt>{texts.say('app-earned')}</dt>
            <dd>{texts.money(earned, currency)}</dd>
          </div>
          {held > 0 ? (
            <div class="soft">
              <dt>{texts.say('app-held')}</dt>
              <dd>{texts.money(held, currency)}</dd>
            </div>
          ) : null}
        </dl>
        <p>{texts.say('app-friends', { count: friends })}</p>
      </section>
      <section class="sheet">
        <div class="line-of">
          <h2>{texts.say('app-your-tier')}</h2>
          <span>{texts.say(`tier-${tier}`)}</span>
        </div>
        {discountPercent > 0 ? <p class="soft">{texts.say('app-tier-discount', { percent: discountPercent })}</p> : null}
        {next === null ? null : (
          <>
            <progress max={1} value={done} aria-label={texts.say('app-your-tier')} />
            <p class="soft">
              {texts.say('app-next-tier', { amount: texts.money(next.missing, currency), tier: texts.say(`tier-${next.tier}`) })}
            </p>
          </>
        )}
      </section>
    </>
  );
}
