/** @jsxImportSource hono/jsx/dom */
/** An amount of money, typed as people write it. */

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
