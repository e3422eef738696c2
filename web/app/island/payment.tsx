/** @jsxImportSource hono/jsx/dom */
/** A payment on its way: what to do, how long there is, and what became of it, live. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import { forget, useApp, useMainButton, useOnce, useSecondButton } from './app-context.ts';
import { sayClock, useSecondsLeft } from './countdown.ts';
import { BigAmount, Bones, Heading, Icon, type IconName } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import { confirm } from './telegram.ts';
import { stageOf } from './stage.ts';
import { WayToPay } from './way-to-pay.tsx';
import type { StatusAnswer } from './wire.ts';

export function Payment({ id }: { id: string }) {
  const { api, telegram, feel } = useApp();
  const [status, setStatus] = useState<StatusAnswer | undefined>(undefined);
  const [problem, setProblem] = useState<unknown>(undefined);
  const [tries, setTries] = useState(0);
  const felt = useRef('');

  useEffect(() => {
    const leaving = new AbortController();
    setProblem(undefined);
    const told = (next: StatusAnswer) => {
      setStatus(next);
      const { mood } = stageOf(next);
      if (felt.current !== '' && felt.current !== mood && mood !== 'waiting')
        feel(mood === 'good' ? 'success' : mood === 'bad' ? 'warning' : 'press');
      felt.current = mood;
      if (next.final) forget();
    };
    api.follow(id, told, leaving.signal).catch(setProblem);
    return () => leaving.abort();
  }, [id, tries]);

  const isRunning = status !== undefined && !status.final;
  useEffect(() => {
    if (!isRunning) return;
    telegram.enableClosingConfirmation();
    return () => telegram.disableClosingConfirmation();
  }, [isRunning]);

  if (status) return <Told status={status} />;
  return problem ? <Failure problem={problem} retry={() => setTries(tries + 1)} /> : <Bones kind="block" count={2} />;
}

const icons: Record<ReturnType<typeof stageOf>['mood'], IconName> = { waiting: 'clock', busy: 'clock', good: 'orders', bad: 'close' };

function Told({ status }: { status: StatusAnswer }) {
  const { texts, router, telegram, toast, api, feel, shop } = useApp();
  const { mood, title, words, isPayable } = stageOf(status);
  const seconds = useSecondsLeft(isPayable ? status.expires_at : undefined);
  const { order, deposit } = status;
  const openedOnce = useRef(false);

  const open = () => {
    feel('press');
    if (status.invoice_link !== undefined) telegram.openInvoice(status.invoice_link);
    else if (status.url !== undefined) telegram.openLink(status.url);
  };
  // What is paid elsewhere opens by itself the first time: that is what was pressed for.
  const away = isPayable ? (status.invoice_link ?? status.url) : undefined;
  useEffect(() => {
    if (away === undefined || openedOnce.current) return;
    openedOnce.current = true;
    const place = `opened:${status.payment_id}`;
    if (sessionStorage.getItem(place) !== null) return;
    sessionStorage.setItem(place, '1');
    open();
  }, [away]);

  const cancel = useOnce(async () => {
    if (!order || !(await confirm(telegram, texts.say('app-cancel-sure')))) return;
    try {
      await api.cancel(order.code);
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });

  const ask = useOnce(async () => {
    feel('press');
    toast(texts.say('order-asking'));
    try {
      // What it says comes by the stream.
      await api.askProvider(status.payment_id);
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  const canAsk = isPayable && (status.url !== undefined || status.pay_address !== undefined);

  const toOrder = order ? () => router.go({ at: 'order', code: order.code }) : undefined;
  // It did not work, and the order still waits: another way is chosen there.
  const isOver = mood === 'bad' && !status.final;
  const done = mood === 'good' || (mood === 'bad' && status.final);
  useMainButton(
    away !== undefined
      ? { text: texts.say(status.invoice_link === undefined ? 'app-open-page' : 'app-pay-stars'), press: open }
      : done
        ? {
            text: texts.say(deposit ? 'app-see-wallet' : mood === 'good' ? 'app-see-order' : 'app-back-to-basket'),
            press: () => {
              if (deposit) router.go({ at: 'wallet' });
              else if (mood === 'good' && order) router.replace({ at: 'order', code: order.code });
              else router.go({ at: 'basket' });
            },
          }
        : isOver && order
          ? { text: texts.say('app-try-again'), press: () => router.replace({ at: 'order', code: order.code }) }
          : undefined,
  );
  useSecondButton(isPayable && order ? { text: texts.say('app-cancel'), press: cancel.run, isBusy: cancel.isBusy } : undefined);

  return (
    <>
      <Heading isHidden>{texts.say('app-payment')}</Heading>
      <section class={`sheet status ${mood}`} data-testid="payment" data-mood={mood}>
        <span class="status-icon">
          <Icon name={icons[mood]} size={30} />
        </span>
        <div role="status" aria-live="polite">
          <h2>{texts.say(title)}</h2>
          <p>{words === undefined ? null : texts.say(words)}</p>
        </div>
        <BigAmount amount={status.amount} currency={status.currency} />
        {isPayable ? (
          <p class="countdown" role="timer">
            {seconds > 0 ? texts.say('app-time-left', { time: sayClock(seconds) }) : texts.say('app-time-over')}
          </p>
        ) : null}
      </section>
      {isPayable ? <WayToPay status={status} shopBot={shop.bot} /> : null}
      {canAsk ? (
        <button type="button" class="soft-button wide" disabled={ask.isBusy} data-testid="i-paid" onClick={() => ask.run()}>
          {texts.say('order-i-paid')}
        </button>
      ) : null}
      {isPayable && toOrder ? (
        <button type="button" class="soft-button wide" onClick={toOrder}>
          {texts.say('app-other-way')}
        </button>
      ) : null}
    </>
  );
}
