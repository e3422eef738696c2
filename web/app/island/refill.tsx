/** @jsxImportSource hono/jsx/dom */
/** Topping up the wallet: how much, and by which method. */
import { useState } from 'hono/jsx/dom';
import { parseAmount, toDecimal } from '../../../domain/money.ts';
import { AmountChips, AmountField } from './amount-field.tsx';
import { forget, useApp, useLoad, useMainButton, useOnce } from './app-context.ts';
import { Coins } from './coins.tsx';
import { Methods } from './methods.tsx';
import { Bones, Heading, Nothing } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import type { RefillsAnswer } from './wire.ts';

export function Refill({ amount }: { amount: number | undefined }) {
  const { texts, api, router } = useApp();
  const { data, problem, reload } = useLoad('refills', () => api.refills());
  if (!data) return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
  if (data.methods.length === 0) {
    return (
      <>
        <Heading>{texts.say('app-refill-title')}</Heading>
        <Nothing
          icon="wallet"
          title={texts.say('app-refill-none')}
          words=""
          act={texts.say('app-see-wallet')}
          press={() => router.go({ at: 'wallet' })}
        />
      </>
    );
  }
  return <Form refills={data} first={amount} />;
}

function Form({ refills, first }: { refills: RefillsAnswer; first: number | undefined }) {
  const { texts, api, router, feel, toast } = useApp();
  const { currency, minimum, maximum, suggested, methods } = refills;
  const [text, setText] = useState(first === undefined ? '' : toDecimal({ amount: first, currency }));
  const [method, setMethod] = useState<string | undefined>(methods.length === 1 ? methods[0]?.method : undefined);
  const [coin, setCoin] = useState<string | undefined>(undefined);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const amount = parseAmount(text, currency);
  const chosen = methods.find((one) => one.method === method);
  const range = texts.say('app-amount-range', { min: texts.money(minimum, currency), max: texts.money(maximum, currency) });
  const isMisfit = text !== '' && amount === undefined;
  const isOutside = amount !== undefined && (amount < minimum || amount > maximum);

  const pay = useOnce(async () => {
    if (amount === undefined || !chosen) return;
    feel('press');
    setRefusal(undefined);
    try {
      const payment = await api.pay('/payment/refill', { amount, method: chosen.method, ...(chosen.coins ? { currency: coin } : {}) });
      forget();
      router.replace({ at: 'payment', id: payment.payment_id });
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
      toast(sayProblem(texts, err));
    }
  });
  const isReady = amount !== undefined && !isOutside && chosen !== undefined && (!chosen.coins || coin !== undefined);
  useMainButton({
    text: amount === undefined ? texts.say('app-refill') : texts.say('app-refill-pay', { amount: texts.money(amount, currency) }),
    press: () => pay.run(),
    isActive: isReady,
    isBusy: pay.isBusy,
  });

  return (
    <>
      <Heading>{texts.say('app-refill-title')}</Heading>
      <section class="sheet">
        <AmountField
          label={texts.say('app-amount')}
          help={isMisfit ? texts.say('app-amount-wrong') : range}
          text={text}
          currency={currency}
          isMisfit={isMisfit || isOutside}
          write={setText}
        />
        <AmountChips suggested={suggested} amount={amount} currency={currency} write={setText} />
      </section>
      <Methods
        methods={methods.map((one) => ({ method: one.method, amount: 0, currency, offered: true }))}
        chosen={method}
        isDisabled={pay.isBusy}
        choose={setMethod}
      />
      {chosen?.coins ? <Coins method={chosen.method} chosen={coin} choose={setCoin} /> : null}
      {refusal === undefined ? null : (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
    </>
  );
}
