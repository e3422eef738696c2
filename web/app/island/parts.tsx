/** @jsxImportSource hono/jsx/dom */
/** Small parts used all over the app. */
import type { Child } from 'hono/jsx/dom';
import { useEffect, useRef } from 'hono/jsx/dom';
import { useApp } from './app-context.ts';
import type { ProductAnswer } from './wire.ts';

const paths = {
  shop: 'M5 8h14l-1.2 11.2a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8zM8.5 8a3.5 3.5 0 0 1 7 0',
  basket: 'M3.5 9h17l-1.8 10.2a1.6 1.6 0 0 1-1.6 1.3H6.9a1.6 1.6 0 0 1-1.6-1.3zM8 9l3-5.5M16 9l-3-5.5',
  orders: 'M4.5 8.2 12 4l7.5 4.2v7.6L12 20l-7.5-4.2zM4.5 8.2 12 12.4l7.5-4.2M12 12.4V20',
  wallet:
    'M4 8.5V18a1.5 1.5 0 0 0 1.5 1.5h13A1.5 1.5 0 0 0 20 18V9.5A1.5 1.5 0 0 0 18.5 8H5a1.4 1.4 0 0 1-1-2.4A2 2 0 0 1 5.5 5H17M16.2 13.8h.01',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2 20.5 20.5',
  close: 'M7 7l10 10M17 7 7 17',
  right: 'M9.5 6l6 6-6 6',
  down: 'M6 9.5l6 6 6-6',
  pin: 'M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.8c2 .7 3.2 2.3 3.5 4.7',
  gear: 'M5 7h14M5 12h14M5 17h14M9 5v4M15 10v4M10 15v4',
  chat: 'M4.5 5.5h15v11H11l-4.5 3.5v-3.5h-2z',
  page: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4M9.8 12h5.4M9.8 15.5h5.4',
  copy: 'M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M5 12.5V20h14v-7.5',
  minus: 'M6 12h12',
  plus: 'M12 6v12M6 12h12',
  bin: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7',
  gift: 'M4 9h16v4H4zM5.5 13v7h13v-7M12 9v11M12 9c-1.5-4.5-6-4.5-6-1.8C6 9 9.5 9 12 9zM12 9c1.5-4.5 6-4.5 6-1.8C18 9 14.5 9 12 9z',
  ticket: 'M4 7.5h16v3a1.8 1.8 0 0 0 0 3.5v3H4v-3a1.8 1.8 0 0 0 0-3.5zM14 7.5v9',
  away: 'M8 16 17 7M9 7h8v8',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={name === 'more' ? '3' : '1.8'}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The heading of a place takes the focus when one arrives, so that who listens hears where they are. */
export function Heading({ children, isHidden = false }: { children: Child; isHidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={isHidden ? 'visually-hidden' : 'heading'}>
      {children}
    </h1>
  );
}

/** A picture of the shop's; a quiet tile where there is none. */
export function Photo({ id, alt = '', eager = false }: { id: number | null; alt?: string; eager?: boolean }) {
  const { api } = useApp();
  if (id === null) {
    return (
      <span class="photo none" aria-hidden="true">
        <Icon name="shop" size={34} />
      </span>
    );
  }
  return <img class="photo" src={api.photo(id)} alt={alt} loading={eager ? 'eager' : 'lazy'} decoding="async" />;
}

export type Priced = Pick<
  ProductAnswer,
  'price' | 'basePrice' | 'discountPercent' | 'currency' | 'starsPrice' | 'baseStarsPrice' | 'methods'
>;

/** The price of one piece, with what it was before. What Stars alone can pay is priced in Stars. */
export function Price({ product, pieces = 1 }: { product: Priced; pieces?: number }) {
  const { texts } = useApp();
  const { discountPercent, methods, starsPrice, baseStarsPrice } = product;
  const isInStars = starsPrice !== null && methods.every((method) => method === 'stars');
  const price = isInStars ? starsPrice : product.price;
  const basePrice = isInStars ? (baseStarsPrice ?? starsPrice) : product.basePrice;
  const currency = isInStars ? 'XTR' : product.currency;
  const isLess = price < basePrice;
  return (
    <span class="price">
      <b>{price === 0 ? texts.say('word-free') : texts.money(price * pieces, currency)}</b>
      {isLess ? (
        <>
          <s>
            <span class="visually-hidden">{texts.say('app-before', { price: '' })}</span>
            {texts.money(basePrice * pieces, currency)}
          </s>
          {discountPercent > 0 ? <span class="off">{texts.say('app-off', { percent: discountPercent })}</span> : null}
        </>
      ) : null}
    </span>
  );
}

/** An amount that stands alone; a long one is set smaller, so that it stays on a line. */
export function BigAmount({ amount, currency }: { amount: number; currency: string }) {
  const { texts } = useApp();
  const words = texts.money(amount, currency);
  return (
    <p class={`big-amount ${words.length > 12 ? 'long' : ''}`} data-testid="amount-shown">
      {words}
    </p>
  );
}

/** How much there is, in words; nothing where there is plenty. */
export function Stock({ stock, always = false }: { stock: number | null; always?: boolean }) {
  const { texts } = useApp();
  const few = 5;
  if (stock === 0) return <span class="stock bad">{texts.say('app-sold-out')}</span>;
  if (stock !== null && stock <= few) return <span class="stock warn">{texts.say('product-stock-few', { count: stock })}</span>;
  if (!always) return null;
  return <span class="stock good">{texts.say(stock === null ? 'product-stock-always' : 'product-stock-plenty')}</span>;
}

export function Stepper({ value, least, most, change, label }: StepperProps) {
  const { texts, feel } = useApp();
  const step = (by: number) => () => {
    feel('choose');
    change(value + by);
  };
  return (
    <fieldset class="stepper" aria-label={label}>
      <button type="button" aria-label={texts.say('app-one-less')} disabled={value <= least} onClick={step(-1)}>
        <Icon name={least === 0 && value === 1 ? 'bin' : 'minus'} size={20} />
      </button>
      <output aria-live="polite">{value}</output>
      <button type="button" aria-label={texts.say('app-one-more')} disabled={value >= most} onClick={step(1)}>
        <Icon name="plus" size={20} />
      </button>
    </fieldset>
  );
}

interface StepperProps {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly label: string;
  change(value: number): void;
}

/** What is said where there is nothing to show, with a way on. */
export function Nothing({ icon, title, words, act, press }: NothingProps) {
  return (
    <div class="nothing">
      <span class="nothing-icon">
        <Icon name={icon} size={34} />
      </span>
      <h2>{title}</h2>
      <p>{words}</p>
      {act === undefined ? null : (
        <button type="button" class="soft-button" onClick={press}>
          {act}
        </button>
      )}
    </div>
  );
}

interface NothingProps {
  readonly icon: IconName;
  readonly title: string;
  readonly words: string;
  readonly act?: string;
  readonly press?: () => void;
}

/** Grey shapes in the place of what is being loaded. */
export function Bones({ kind, count = 1 }: { kind: 'card' | 'row' | 'block'; count?: number }) {
  const { texts } = useApp();
  return (
    <div class={kind === 'card' ? 'grid' : 'bones'} role="status" aria-label={texts.say('app-loading')}>
      {Array.from({ length: count }, (_, index) => (
        <div key={String(index)} class={`bone ${kind}-bone`} />
      ))}
    </div>
  );
}

/** A text with a key that copies it. */
export function Copyable({ label, text, mono = false }: { label: string; text: string; mono?: boolean }) {
  const { texts, toast, feel } = useApp();
  const copy = async () => {
    feel('press');
    try {
      await navigator.clipboard.writeText(text);
      toast(texts.say('app-copied'));
    } catch {
      // Not allowed here: the text can be selected.
      toast(text);
    }
  };
  return (
    <div class="copyable">
      <span class="copyable-words">
        <small>{label}</small>
        <span class={mono ? 'mono' : ''}>{text}</span>
      </span>
      <button type="button" class="round" aria-label={`${texts.say('app-copy')}: ${label}`} onClick={() => void copy()}>
        <Icon name="copy" size={20} />
      </button>
    </div>
  );
}

/** Where something is collected, and when. */
export function Place({ place }: { place: { name: string; city: string; district: string; address: string; hours: string } }) {
  return (
    <>
      <p class="with-icon">
        <Icon name="pin" size={20} />
        <span>
          {place.name}
          <br />
          {place.city}, {place.district}
          <br />
          {place.address}
        </span>
      </p>
      {place.hours === '' ? null : (
        <p class="with-icon">
          <Icon name="clock" size={20} />
          <span>{place.hours}</span>
        </p>
      )}
    </>
  );
}
