/** @jsxImportSource hono/jsx/dom */
/** An amount of money, typed as people write it, or taken from those suggested. */
import { toDecimal } from '../../../domain/money.ts';
import { useApp } from './app-context.ts';

interface AmountFieldProps {
  readonly label: string;
  /** What fits, or why this does not. */
  readonly help: string;
  readonly text: string;
  readonly currency: string;
  readonly isMisfit: boolean;
  write(text: string): void;
}

export function AmountField({ label, help, text, currency, isMisfit, write }: AmountFieldProps) {
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <span class="field-box">
          <input
            inputMode="decimal"
            autocomplete="off"
            value={text}
            maxLength={16}
            aria-invalid={isMisfit ? 'true' : 'false'}
            aria-describedby="amount-help"
            data-testid="amount"
            onInput={(event) => write((event.currentTarget as HTMLInputElement).value)}
          />
          <span aria-hidden="true">{currency}</span>
        </span>
      </label>
      <p id="amount-help" class={isMisfit ? 'bad-words' : 'soft'} role={isMisfit ? 'alert' : undefined}>
        {help}
      </p>
    </>
  );
}

interface AmountChipsProps {
  /** Minor units. */
  readonly suggested: readonly number[];
  readonly amount: number | undefined;
  readonly currency: string;
  write(text: string): void;
}

export function AmountChips({ suggested, amount, currency, write }: AmountChipsProps) {
  const { texts, feel } = useApp();
  return (
    <div class="chips">
      {suggested.map((one) => (
        <button
          key={String(one)}
          type="button"
          class={`chip ${one === amount ? 'chosen' : ''}`}
          aria-pressed={one === amount ? 'true' : 'false'}
          onClick={() => {
            feel('choose');
            write(toDecimal({ amount: one, currency }));
          }}
        >
          {texts.money(one, currency)}
        </button>
      ))}
    </div>
  );
}
