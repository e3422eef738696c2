/** @jsxImportSource hono/jsx/dom */
/** Ways to pay, one of which is chosen. */
import { useApp } from './app-context.ts';
import type { OfferedMethod } from './wire.ts';

interface MethodsProps {
  readonly methods: readonly Pick<OfferedMethod, 'method' | 'amount' | 'currency' | 'offered'>[];
  readonly chosen: string | undefined;
  readonly isDisabled: boolean;
  choose(method: string): void;
  /** A few words under a method. */
  note?(method: string): string | undefined;
}

export function Methods({ methods, chosen, isDisabled, choose, note }: MethodsProps) {
  const { texts, feel } = useApp();
  return (
    <fieldset class="sheet options" disabled={isDisabled}>
      <legend>{texts.say('app-how')}</legend>
      {methods.map(({ method, amount, currency, offered }) => {
        const words = note?.(method);
        return (
          <label key={method} class="option" data-testid={`method-${method}`}>
            <input
              type="radio"
              name="method"
              value={method}
              checked={method === chosen}
              disabled={!offered}
              onChange={() => {
                feel('choose');
                choose(method);
              }}
            />
            <span class="option-words">
              <span>{texts.say(`method-${method}`)}</span>
              {words === undefined ? null : <small>{words}</small>}
            </span>
            {currency === 'XTR' ? <span class="amount">{texts.money(amount, currency)}</span> : null}
          </label>
        );
      })}
    </fieldset>
  );
}
