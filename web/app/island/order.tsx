/** @jsxImportSource hono/jsx/dom */
/** An order: what it is, where it stands, and the goods, which are its customer's. */
import { useState } from 'hono/jsx/dom';
import { formatOrderCode } from '../../../domain/order-code.ts';
import { useApp, useLoad, useMainButton, useOnce, useSecondButton } from './app-context.ts';
import { Goods } from './goods.tsx';
import { Bones, Copyable, Heading, Place } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import { PayOtherwise } from './pay-otherwise.tsx';
import { moodOfOrder, titleOfOrder } from './stage.ts';
import { confirm } from './telegram.ts';
import type { OrderAnswer } from './wire.ts';

export function Order({ code }: { code: string }) {
  const { api } = useApp();
  const { data, problem, reload, set } = useLoad<OrderAnswer>(`order:${code}`, () => api.order(code));
  if (data) return <Told order={data} set={set} />;
  return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
}

function Told({ order, set }: { order: OrderAnswer; set(order: OrderAnswer): void }) {
  const { texts, api, router, feel, toast, telegram } = useApp();
  const { code, status, placedAt, total, starsTotal, currency, method, lines, promo, canCancel, canResend, canClaim, refunds } = order;
  const mood = moodOfOrder(status);
  const inStars = method === 'stars' && starsTotal !== null;
  const change = async (act: () => Promise<OrderAnswer>, said?: string) => {
    try {
      set(await act());
      feel('success');
      if (said !== undefined) toast(said);
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  };
  const resend = useOnce(() => change(() => api.resend(code), texts.say('app-resent')));
  const cancel = useOnce(async () => {
    if (await confirm(telegram, texts.say('app-cancel-sure'))) await change(() => api.cancel(code));
  });
  useMainButton(canResend ? { text: texts.say('app-resend'), press: resend.run, isBusy: resend.isBusy } : undefined);
  useSecondButton(canCancel ? { text: texts.say('app-cancel'), press: cancel.run, isBusy: cancel.isBusy } : undefined);
  return (
    <>
      <Heading>{texts.say('app-order', { code: formatOrderCode(code) })}</Heading>
      <section class="sheet">
        <p class={`mood ${mood}`} role="status">
          {texts.say(titleOfOrder(status))}
        </p>
        <p class="soft">{texts.say('app-placed', { time: texts.time(placedAt) })}</p>
        {mood === 'good' ? <p class="soft">{texts.say('app-paid-with', { method: texts.say(`method-${method}`) })}</p> : null}
        {promo === null ? null : (
          <div class="line-of good-words">
            <span>{texts.say('app-code-applied', { code: promo.code })}</span>
            <span class="amount">−{inStars ? texts.money(promo.savedStars, 'XTR') : texts.money(promo.saved, currency)}</span>
          </div>
        )}
        <div class="line-of total">
          <span>{texts.say('app-total')}</span>
          <span class="amount">{inStars ? texts.money(starsTotal, 'XTR') : texts.money(total, currency)}</span>
        </div>
        {refunds.map((refund, index) => (
          <div key={String(index)} class="line-of soft">
            <span>{texts.say('app-refund')}</span>
            <span class="amount">{texts.money(refund.amount, refund.currency)}</span>
          </div>
        ))}
      </section>
      {mood === 'waiting' ? <PayOtherwise order={order} /> : null}
      {lines.map((line) => (
        <Line key={String(line.id)} code={code} line={line} currency={currency} inStars={inStars} />
      ))}
      {canClaim ? (
        <button type="button" class="soft-button wide" data-testid="claims" onClick={() => router.go({ at: 'claims', code })}>
          {texts.say('claim-begin')}
        </button>
      ) : null}
    </>
  );
}

interface LineProps {
  readonly code: string;
  readonly line: OrderAnswer['lines'][number];
  readonly currency: string;
  readonly inStars: boolean;
}

function Line({ code, line, currency, inStars }: LineProps) {
  const { texts } = useApp();
  const { title, quantity, total, starsPrice, goods, canShow, handoverCode, place } = line;
  const [instructionsShown, setInstructionsShown] = useState(false);
  return (
    <section class="sheet">
      <div class="line-of">
        <h2>
          {title}
          {quantity > 1 ? <small class="soft"> × {quantity}</small> : null}
        </h2>
        <span class="amount">
          {inStars && starsPrice !== null ? texts.money(starsPrice * quantity, 'XTR') : texts.money(total, currency)}
        </span>
      </div>
      {handoverCode === null ? null : <Copyable label={texts.say('app-pickup-code')} text={handoverCode} mono />}
      {place === null ? null : (
        <>
          <Place place={place} />
          {place.instructions === '' ? null : instructionsShown ? (
            <p class="prose">{place.instructions}</p>
          ) : (
            <button type="button" class="soft-button wide" onClick={() => setInstructionsShown(true)}>
              {texts.say('app-how-to-find')}
            </button>
          )}
        </>
      )}
      {goods.length > 0 || canShow ? <Goods code={code} lineId={line.id} known={goods} canShow={canShow} /> : null}
    </section>
  );
}
