/** @jsxImportSource hono/jsx/dom */
/** A promo code: entered, applied, refused with its reason, removed. */
import { useRef, useState } from 'hono/jsx/dom';
import { forget, useApp, useOnce } from './app-context.ts';
import { Icon } from './parts.tsx';
import { sayProblem } from './problem.tsx';
import type { BasketAnswer } from './wire.ts';

export function CodeField({ basket, changed }: { basket: BasketAnswer; changed(basket: BasketAnswer): void }) {
  const { texts, api, feel } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const { code, currency } = basket;
  const change = useOnce(async (act: () => Promise<BasketAnswer>) => {
    setRefusal(undefined);
    try {
      const next = await act();
      // What anything costs may be another now.
      forget('quote:');
      feel('success');
      changed(next);
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
    }
  });
  if (code) {
    const why = code.refusal;
    return (
      <section class="sheet">
        <div class="copyable">
          <span class="copyable-words">
            <span class={why === null ? 'good-words' : ''}>{texts.say('app-code-applied', { code: code.code })}</span>
            {why === null ? (
              <small class="good-words">−{texts.money(code.saved, currency)}</small>
            ) : (
              <small>
                {why === 'CodeMinimum'
                  ? texts.say('app-code-from', { amount: texts.money(code.minimumTotal, currency) })
                  : texts.say(`rejection-${why}`)}
              </small>
            )}
          </span>
          <button
            type="button"
            class="round"
            aria-label={texts.say('app-code-remove')}
            disabled={change.isBusy}
            data-testid="remove-code"
            onClick={() => change.run(() => api.removeCode())}
          >
            <Icon name="close" size={20} />
          </button>
        </div>
      </section>
    );
  }
  const submit = (event: Event) => {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    if (text !== '') change.run(() => api.enterCode(text));
  };
  return (
    <form class="sheet" onSubmit={submit}>
      <div class="promo-line">
        <input
          ref={input}
          class="promo-input"
          maxLength={64}
          autocomplete="off"
          autocapitalize="characters"
          enterkeyhint="done"
          placeholder={texts.say('app-code')}
          aria-label={texts.say('app-code')}
          aria-invalid={refusal === undefined ? 'false' : 'true'}
          aria-describedby="promo-refusal"
          data-testid="code"
        />
        <button type="submit" class="soft-button" disabled={change.isBusy}>
          {texts.say('app-code-apply')}
        </button>
      </div>
      <p id="promo-refusal" class="bad-words" role="alert">
        {refusal}
      </p>
    </form>
  );
}
