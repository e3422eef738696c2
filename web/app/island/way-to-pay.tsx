/** @jsxImportSource hono/jsx/dom */
/** What a person does to pay: a page, an invoice, an address with its QR code, a transfer. */
import { useApp } from './app-context.ts';
import { nameOfCoin } from './coins.tsx';
import { Copyable } from './parts.tsx';
import type { StatusAnswer } from './wire.ts';

export function WayToPay({ status, shopBot }: { status: StatusAnswer; shopBot: string | null }) {
  const { texts, telegram } = useApp();
  const { url, pay_address, pay_amount, pay_currency, pay_memo, qr, transfer } = status;
  if (url !== undefined) return <p class="notice">{texts.say('app-page-note')}</p>;
  if (pay_address !== undefined && pay_amount !== undefined && pay_currency !== undefined) {
    return (
      <section class="sheet">
        {qr === undefined ? null : <img class="qr" src={qr} alt={texts.say('app-qr')} width={220} height={220} />}
        <Copyable label={texts.say('app-send-exactly')} text={`${pay_amount} ${nameOfCoin(pay_currency)}`} mono />
        <Copyable label={texts.say('app-to-address')} text={pay_address} mono />
        {pay_memo === undefined ? null : <Copyable label={texts.say('app-memo')} text={pay_memo} mono />}
        <p class="notice warn">{texts.say('app-only-network', { coin: nameOfCoin(pay_currency) })}</p>
      </section>
    );
  }
  if (transfer !== undefined) {
    const { to, number, name, bank, title } = transfer;
    return (
      <section class="sheet">
        <Copyable label={texts.say(`app-transfer-${to}`)} text={number} mono />
        <Copyable label={texts.say('app-transfer-title')} text={title} mono />
        <Copyable label={texts.say('app-transfer-name')} text={name} />
        {bank === undefined ? null : <Copyable label={texts.say('app-transfer-bank')} text={bank} />}
        <p class="notice">{texts.say('app-transfer-note')}</p>
        {shopBot === null ? null : (
          <button type="button" class="soft-button wide" onClick={() => telegram.openTelegramLink(`https://t.me/${shopBot}`)}>
            {texts.say('app-to-chat')}
          </button>
        )}
      </section>
    );
  }
  return null;
}
