/** @jsxImportSource hono/jsx/dom */
/** Another way to pay an order that waits: the main button asks for it, once. */
import { useState } from 'hono/jsx/dom';
import { forget, useApp, useMainButton, useOnce } from './app-context.ts';
import { Coins } from './coins.tsx';
import { Methods } from './methods.tsx';
import { sayProblem } from './problem.tsx';
import type { OrderAnswer } from './wire.ts';

export function PayOtherwise({ order }: { order: OrderAnswer }) {
  const { texts, api, router, feel } = useApp();
  const { code, methods, attempt, paymentId, payment } = order;
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [coin, setCoin] = useState<string | undefined>(undefined);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const method = methods.find((one) => one.method === chosen && one.offered);
  const pay = useOnce(async () => {
    if (!method) return;
    feel('press');
    setRefusal(undefined);
    try {
      const body = { method: method.method, ...(method.coins ? { currency: coin } : {}), attempt };
      const paying = await api.pay(`/orders/${code}/pay`, body);
      forget();
      router.replace({ at: 'payment', id: paying.payment_id });
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
    }
  });
  const stands = paymentId !== null && payment?.status === 'pending';
  useMainButton(
    method
      ? {
          text: texts.say('app-pay', { total: texts.money(method.amount, method.currency) }),
          press: () => pay.run(),
          isActive: !method.coins || coin !== undefined,
          isBusy: pay.isBusy,
        }
      : stands
        ? { text: texts.say('app-pay-order'), press: () => router.go({ at: 'payment', id: paymentId }) }
        : undefined,
  );
  if (methods.length === 0) return null;
  return (
    <>
      <Methods
        methods={methods}
        chosen={chosen}
        isDisabled={pay.isBusy}
        choose={(name) => {
          setChosen(name);
          setRefusal(undefined);
        }}
      />
      {method?.coins ? <Coins method={method.method} chosen={coin} choose={setCoin} /> : null}
      {refusal === undefined ? null : (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
    </>
  );
}
