/** @jsxImportSource hono/jsx/dom */
/** Money for a friend by a link: how much, and the links that nobody has opened yet. */
import { useState } from 'hono/jsx/dom';
import { parseAmount } from '../../../domain/money.ts';
import { AmountChips, AmountField } from './amount-field.tsx';
import { forget, useApp, useLoad, useMainButton, useOnce } from './app-context.ts';
import { Bones, Copyable, Heading, Icon, Nothing } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import { shareLink } from './telegram.ts';
import type { GiftLinkAnswer, GiftsAnswer } from './wire.ts';

export function Gifts() {
  const { api } = useApp();
  const { data, problem, reload, set } = useLoad<GiftsAnswer>('gifts', () => api.gifts());
  if (data) return <Told gifts={data} set={set} reload={reload} />;
  return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
}

function Told({ gifts: told, set, reload }: { gifts: GiftsAnswer; set(gifts: GiftsAnswer): void; reload(): void }) {
  const { texts, api, router, feel, toast } = useApp();
  const { currency, giftable, suggested, gifts } = told;
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const amount = parseAmount(text, currency);
  const isMisfit = text !== '' && (amount === undefined || amount > giftable);

  const make = useOnce(async () => {
    if (amount === undefined) return;
    feel('press');
    setRefusal(undefined);
    try {
      const made = await api.makeGift(amount);
      forget('wallet');
      setText('');
      feel('success');
      set({
        ...told,
        giftable: giftable - amount,
        suggested: suggested.filter((one) => one <= giftable - amount),
        gifts: [made, ...gifts],
      });
      reload();
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
    }
  });
  const takeBack = useOnce(async (id: number) => {
    try {
      set(await api.takeGiftBack(id));
      forget('wallet');
      feel('success');
      toast(texts.say('app-gift-back'));
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  const isReady = amount !== undefined && amount <= giftable;
  useMainButton(
    giftable === 0
      ? { text: texts.say('app-refill'), press: () => router.go({ at: 'refill' }) }
      : {
          text: texts.say('app-gift-make', { amount: isReady ? texts.money(amount, currency) : '' }),
          press: () => make.run(),
          isActive: isReady,
          isBusy: make.isBusy,
        },
  );
  return (
    <>
      <Heading>{texts.say('gift-title')}</Heading>
      {giftable === 0 ? (
        <Nothing icon="gift" title={texts.say('app-gift-none')} words={texts.say('app-gift-none-text')} />
      ) : (
        <section class="sheet">
          <p class="soft">{texts.say('gift-how')}</p>
          <AmountField
            label={texts.say('app-amount')}
            help={texts.say('gift-most', { amount: texts.money(giftable, currency) })}
            text={text}
            currency={currency}
            isMisfit={isMisfit}
            write={setText}
          />
          <AmountChips suggested={suggested} amount={amount} currency={currency} write={setText} />
        </section>
      )}
      {refusal === undefined ? null : (
        <p class="notice bad" role="alert">
          {refusal}
        </p>
      )}
      {gifts.map((gift) => (
        <Gift key={String(gift.id)} gift={gift} isBusy={takeBack.isBusy} takeBack={() => takeBack.run(gift.id)} />
      ))}
    </>
  );
}

function Gift({ gift, isBusy, takeBack }: { gift: GiftLinkAnswer; isBusy: boolean; takeBack(): void }) {
  const { texts, telegram, shop, feel } = useApp();
  const { amount, currency, expiresAt, link } = gift;
  const money = texts.money(amount, currency);
  const share = () => {
    feel('press');
    shareLink(telegram, link ?? '', texts.say('gift-share-words', { amount: money, shop: shop.title }));
  };
  return (
    <section class="sheet" data-testid="gift">
      <h2>{texts.say('gift-of', { amount: money })}</h2>
      {expiresAt === null ? null : <p class="soft">{texts.say('gift-until', { time: texts.time(expiresAt) })}</p>}
      {link === null ? null : <Copyable label={texts.say('app-invite-link')} text={link} />}
      <div class="two-keys">
        <button type="button" class="soft-button" disabled={isBusy} data-testid="take-back" onClick={takeBack}>
          {texts.say('gift-take-back')}
        </button>
        {link === null ? null : (
          <button type="button" class="soft-button" data-testid="share-gift" onClick={share}>
            <Icon name="share" size={20} /> {texts.say('gift-share')}
          </button>
        )}
      </div>
    </section>
  );
}
