/** @jsxImportSource hono/jsx/dom */
/** A voucher's code becomes money in the wallet. */
import { useState } from 'hono/jsx/dom';
import { forget, useApp, useMainButton, useOnce } from './app-context.ts';
import { Heading } from './parts.tsx';
import { sayProblem } from './problem.tsx';

export function Redeem() {
  const { texts, api, router, feel, toast } = useApp();
  const [code, setCode] = useState('');
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const redeem = useOnce(async () => {
    setRefusal(undefined);
    try {
      const { amount, currency } = await api.redeem(code.trim());
      forget();
      feel('success');
      toast(texts.say('app-redeemed', { amount: texts.money(amount, currency) }));
      router.back();
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
    }
  });
  const isReady = code.trim() !== '';
  useMainButton({ text: texts.say('app-redeem'), press: () => redeem.run(), isActive: isReady, isBusy: redeem.isBusy });
  const submit = (event: Event) => {
    event.preventDefault();
    if (isReady) redeem.run();
  };
  return (
    <>
      <Heading>{texts.say('redeem-button')}</Heading>
      <form class="sheet" onSubmit={submit}>
        <label class="field">
          <span>{texts.say('redeem-ask')}</span>
          <span class="field-box">
            <input
              class="mono"
              maxLength={64}
              value={code}
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              enterkeyhint="done"
              aria-invalid={refusal === undefined ? 'false' : 'true'}
              aria-describedby="refusal-of-code"
              data-testid="wallet-code"
              onInput={(event) => setCode((event.currentTarget as HTMLInputElement).value)}
            />
          </span>
        </label>
        <p id="refusal-of-code" class="bad-words" role="alert">
          {refusal}
        </p>
      </form>
    </>
  );
}
