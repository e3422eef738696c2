/** @jsxImportSource hono/jsx/dom */
/** A product: pictures, price, how many, into the basket or at once. */
import { basketQuantityLimit } from '../../../domain/order.ts';
import { useState } from 'hono/jsx/dom';
import { parseAmount } from '../../../domain/money.ts';
import { AmountField } from './amount-field.tsx';
import { useApp, useLoad, useMainButton, useOnce, useSecondButton } from './app-context.ts';
import { Bones, Heading, Icon, Photo, Price, Stepper, Stock, Place } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import { shareLink } from './telegram.ts';
import type { ProductCardAnswer } from './wire.ts';

export function Product({ id }: { id: number }) {
  const { api } = useApp();
  const { data, problem, reload } = useLoad(`product:${id}`, () => api.product(id));
  if (data) return <Card product={data} reload={reload} />;
  return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
}

function Card({ product, reload }: { product: ProductCardAnswer; reload(): void }) {
  const { texts, api, router, buttons, toast, feel, noteBasket, telegram } = useApp();
  const { title, description, photoIds, options, variants, amounts, lessons, place, link } = product;
  const [values, setValues] = useState<readonly string[]>(() => firstValues(product));
  // What is bought: the product, or the variant of the chosen values, where there is one.
  const bought =
    options.length === 0 ? product : variants.find(({ optionValues }) => optionValues.every((value, at) => value === values[at]));
  const { id, price, currency, stock, customerLimit } = bought ?? { ...product, stock: 0 };
  const most = Math.max(1, Math.min(stock ?? basketQuantityLimit, customerLimit ?? basketQuantityLimit, basketQuantityLimit));
  const [wished, setQuantity] = useState(1);
  const quantity = Math.min(wished, most);
  const isSoldOut = stock === 0;

  const add = useOnce(async () => {
    try {
      const basket = await api.basket();
      const before = basket.lines.find((line) => line.id === id)?.quantity ?? 0;
      noteBasket(await api.setLine(id, Math.min(basketQuantityLimit, before + quantity)));
      feel('success');
      toast(texts.say('app-added'));
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  const buy = () => {
    feel('press');
    router.go({ at: 'checkout', from: 'product', lines: [{ productId: id, quantity }] });
  };

  const watching = bought?.watching ?? false;
  const watch = useOnce(async () => {
    feel('press');
    try {
      await (watching ? api.unwatch(id) : api.watch(id));
      feel('success');
      toast(texts.say(watching ? 'stock-watch-stopped' : 'stock-watch-watching'));
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
    // There may be some now, or none for sale any more.
    reload();
  });

  const [given, setGiven] = useState('');
  const named = amounts === null ? undefined : parseAmount(given, currency);
  const isNamed = named !== undefined && amounts !== null && named >= amounts.minimum && named <= amounts.maximum;
  const give = () => {
    if (named === undefined) return;
    feel('press');
    router.go({ at: 'checkout', from: 'product', lines: [{ productId: id, quantity: 1, amount: named }] });
  };
  useMainButton(
    amounts !== null
      ? { text: texts.say('app-give', { amount: isNamed ? texts.money(named, currency) : '' }), press: give, isActive: isNamed }
      : isSoldOut
        ? bought
          ? { text: texts.say(watching ? 'stock-watch-stop' : 'stock-watch-ask'), press: watch.run, isBusy: watch.isBusy }
          : { text: texts.say('app-sold-out'), press: () => undefined, isActive: false }
        : { text: texts.say('app-add', { price: texts.money(price * quantity, currency) }), press: add.run, isBusy: add.isBusy },
  );
  useSecondButton(isSoldOut || amounts !== null ? undefined : { text: texts.say('app-buy-now'), press: buy, isActive: !add.isBusy });

  return (
    <article class="product">
      <Album photoIds={photoIds} title={title} />
      <div class="sheet">
        <Heading>{title}</Heading>
        {amounts === null ? <Price product={bought ?? product} /> : null}
        {amounts === null ? (
          <Stock stock={stock} always />
        ) : (
          <AmountField
            label={texts.say('app-donate-amount')}
            help={texts.say('app-between', { min: texts.money(amounts.minimum, currency), max: texts.money(amounts.maximum, currency) })}
            text={given}
            currency={currency}
            isMisfit={given !== '' && !isNamed}
            write={setGiven}
          />
        )}
        {options.map(({ name, values: offered }, at) => (
          <Option
            key={name}
            name={name}
            values={offered}
            chosen={values[at]}
            choose={(value) => setValues(values.map((before, index) => (index === at ? value : before)))}
          />
        ))}
        {isSoldOut || amounts !== null ? null : (
          <div class="line-of">
            <span>{texts.say('app-quantity')}</span>
            <Stepper value={quantity} least={1} most={most} change={setQuantity} label={texts.say('app-quantity')} />
          </div>
        )}
        {customerLimit === null ? null : <p class="soft">{texts.say('app-limit', { count: customerLimit })}</p>}
        {isSoldOut || amounts !== null || buttons.hasSecond ? null : (
          <button type="button" class="soft-button wide" onClick={buy}>
            {texts.say('app-buy-now')}
          </button>
        )}
      </div>
      {description === '' ? null : (
        <section class="sheet">
          <h2>{texts.say('app-about')}</h2>
          <p class="prose">{description}</p>
        </section>
      )}
      {lessons.length === 0 ? null : (
        <section class="sheet">
          <h2>{texts.say('app-lessons', { count: lessons.length })}</h2>
          <ol class="lessons">
            {lessons.map((lesson) => (
              <li key={lesson}>{lesson}</li>
            ))}
          </ol>
        </section>
      )}
      {place ? (
        <section class="sheet">
          <h2>{texts.say('app-collect')}</h2>
          <Place place={place} />
        </section>
      ) : null}
      {link === null ? null : (
        <button type="button" class="soft-button wide" onClick={() => shareLink(telegram, link, title)}>
          <Icon name="share" size={20} /> {texts.say('app-share')}
        </button>
      )}
    </article>
  );
}

/** Of the first variant there is any of. */
function firstValues({ options, variants }: ProductCardAnswer): readonly string[] {
  const first = variants.find(({ stock }) => stock !== 0) ?? variants[0];
  return first?.optionValues ?? options.map(({ values }) => values[0] ?? '');
}

interface OptionProps {
  readonly name: string;
  readonly values: readonly string[];
  readonly chosen: string | undefined;
  choose(value: string): void;
}

function Option({ name, values, chosen, choose }: OptionProps) {
  const { feel } = useApp();
  return (
    <fieldset class="option-values">
      <legend>{name}</legend>
      {values.map((value) => (
        <label key={value} class="chip">
          <input
            type="radio"
            class="visually-hidden"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => {
              feel('choose');
              choose(value);
            }}
          />
          {value}
        </label>
      ))}
    </fieldset>
  );
}

/** Pictures side by side, one at a time, moved by a finger, the arrow keys or the wheel. */
function Album({ photoIds, title }: { photoIds: readonly number[]; title: string }) {
  const { texts } = useApp();
  const [shown, setShown] = useState(0);
  if (photoIds.length === 0) return null;
  const count = photoIds.length;
  const onScroll = (event: Event) => {
    const { scrollLeft, clientWidth } = event.currentTarget as HTMLElement;
    setShown(Math.round(scrollLeft / clientWidth));
  };
  return (
    <div class="album">
      <section class="album-strip" tabIndex={count > 1 ? 0 : undefined} aria-label={title} onScroll={onScroll}>
        {photoIds.map((photoId, index) => (
          <Photo
            key={String(photoId)}
            id={photoId}
            eager={index === 0}
            alt={count > 1 ? `${title}. ${texts.say('app-photo', { number: index + 1, count })}` : title}
          />
        ))}
      </section>
      {count > 1 ? (
        <div class="dots" aria-hidden="true">
          {photoIds.map((photoId, index) => (
            <span key={String(photoId)} class={index === shown ? 'on' : ''} />
          ))}
        </div>
      ) : null}
    </div>
  );
}
