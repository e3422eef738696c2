/** @jsxImportSource hono/jsx/dom */
/** Looking around: search as one types, filters, and the products in pages. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import type { ProductFilter } from './api.ts';
import { useApp, useLoad } from './app-context.ts';
import { Bones, Heading, Icon, Nothing, Photo, Price, Stock } from './parts.tsx';
import { Failure } from './problem.tsx';
import type { ProductAnswer, ProductsAnswer } from './wire.ts';

/** How long one must pause in typing before the shop is asked, ms. */
const typingMs = 250;

/** Stays while the app is open: who comes back from a product finds the list as it was. */
let lastFilter: ProductFilter = {};

export function Catalogue() {
  const { texts, api, shop } = useApp();
  const [filter, setFilter] = useState<ProductFilter>(lastFilter);
  lastFilter = filter;
  const key = `products:${JSON.stringify(filter)}`;
  const { data, problem, reload, set } = useLoad<ProductsAnswer>(key, () => api.products(filter));
  const [isLoadingMore, setIsLoadingMore] = useState(false);
  const change = (part: ProductFilter) => setFilter({ ...filter, ...part });

  const loadMore = async () => {
    if (!data?.next || isLoadingMore) return;
    setIsLoadingMore(true);
    try {
      const page = await api.products(filter, data.next);
      set({ ...data, products: [...data.products, ...page.products], next: page.next });
    } catch {
      // The key stays, and may be pressed again.
    } finally {
      setIsLoadingMore(false);
    }
  };

  return (
    <>
      <Heading isHidden>{shop.title}</Heading>
      <Search text={filter.q ?? ''} change={(q) => change({ q: q || undefined })} />
      <Filters filter={filter} change={change} />
      {data ? (
        data.products.length > 0 ? (
          <>
            {data.corrected === null ? null : <p class="soft centred">{texts.say('app-corrected', { words: data.corrected })}</p>}
            <ul class="grid" data-testid="products">
              {data.products.map((product) => (
                <Card key={String(product.id)} product={product} />
              ))}
            </ul>
            {data.next ? <More isBusy={isLoadingMore} load={() => void loadMore()} /> : null}
          </>
        ) : (
          <Nothing
            icon="search"
            title={texts.say('app-nothing-title')}
            words={texts.say('app-nothing-text')}
            act={texts.say('app-show-all')}
            press={() => setFilter({})}
          />
        )
      ) : problem ? (
        <Failure problem={problem} retry={reload} />
      ) : (
        <Bones kind="card" count={6} />
      )}
      <p class="visually-hidden" role="status">
        {data && data.next === null ? texts.say('app-found', { count: data.products.length }) : ''}
      </p>
    </>
  );
}

function Search({ text, change }: { text: string; change(text: string): void }) {
  const { texts } = useApp();
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const write = (words: string, now = false) => {
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => change(words.trim()), now ? 0 : typingMs);
  };
  useEffect(() => {
    if (input.current) input.current.value = text;
  }, []);
  // "Show everything" empties it too.
  useEffect(() => {
    if (input.current && text === '' && document.activeElement !== input.current) input.current.value = '';
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  return (
    <search class="search">
      <Icon name="search" size={20} />
      <input
        ref={input}
        type="search"
        enterkeyhint="search"
        autocomplete="off"
        maxLength={200}
        placeholder={texts.say('app-search')}
        aria-label={texts.say('app-search')}
        data-testid="search"
        onInput={(event) => write((event.currentTarget as HTMLInputElement).value)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== 'Enter') return;
          write((event.currentTarget as HTMLInputElement).value, true);
          (event.currentTarget as HTMLInputElement).blur();
        }}
      />
    </search>
  );
}

function Filters({ filter, change }: { filter: ProductFilter; change(part: ProductFilter): void }) {
  const { texts, api, shop } = useApp();
  const { city } = filter;
  const districts = useLoad(city === undefined ? undefined : `districts:${city}`, () => api.districts(city ?? ''));
  const categories = shop.categories.filter(({ name }) => name !== '');
  return (
    <fieldset class="filters" aria-label={texts.say('app-filters')}>
      <Choice
        label={texts.say('app-category')}
        all={texts.say('app-all-categories')}
        value={filter.category === undefined ? '' : String(filter.category)}
        options={categories.map(({ id, name }) => [String(id), name])}
        change={(id) => change({ category: id === '' ? undefined : Number(id) })}
      />
      <Choice
        label={texts.say('app-city')}
        all={texts.say('app-all-cities')}
        value={city ?? ''}
        options={shop.cities.map((one) => [one.city, one.city])}
        change={(name) => change({ city: name || undefined, district: undefined })}
      />
      {city !== undefined && (districts.data?.districts.length ?? 0) > 0 ? (
        <Choice
          label={texts.say('app-district')}
          all={texts.say('app-all-districts')}
          value={filter.district ?? ''}
          options={(districts.data?.districts ?? []).map(({ district }) => [district, district])}
          change={(name) => change({ district: name || undefined })}
        />
      ) : null}
      <Choice
        label={texts.say('app-kind')}
        all={texts.say('app-all-kinds')}
        value={filter.kind ?? ''}
        options={shop.kinds.map((kind) => [kind, texts.say(`app-kind-${kind}`)])}
        change={(kind) => change({ kind: kind || undefined })}
      />
    </fieldset>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  change(value: string): void;
}

function Choice({ label, all, value, options, change }: ChoiceProps) {
  const { feel } = useApp();
  if (options.length < 2 && value === '') return null;
  return (
    <label class={`choice ${value === '' ? '' : 'chosen'}`}>
      <span class="visually-hidden">{label}</span>
      <select
        value={value}
        onChange={(event) => {
          feel('choose');
          change((event.currentTarget as HTMLSelectElement).value);
        }}
      >
        <option value="">{all}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id} selected={id === value}>
            {name}
          </option>
        ))}
      </select>
      <Icon name="down" size={16} />
    </label>
  );
}

function Card({ product }: { product: ProductAnswer }) {
  const { router } = useApp();
  const { id, title, photoId, stock, place } = product;
  return (
    <li>
      <button
        type="button"
        class={`card ${stock === 0 ? 'gone' : ''}`}
        data-testid="product"
        onClick={() => router.go({ at: 'product', id })}
      >
        <Photo id={photoId} />
        <span class="card-words">
          <span class="card-title">{title}</span>
          {place ? (
            <span class="card-place">
              {place.city}, {place.district}
            </span>
          ) : null}
          <Price product={product} />
          <Stock stock={stock} />
        </span>
      </button>
    </li>
  );
}

/** Loads the next page when it comes into sight, and by its key where nothing scrolls. */
function More({ isBusy, load }: { isBusy: boolean; load: () => void }) {
  const { texts } = useApp();
  const place = useRef<HTMLButtonElement>(null);
  const newest = useRef(load);
  newest.current = load;
  useEffect(() => {
    const observer = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) newest.current?.();
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <button ref={place} type="button" class="soft-button wide" aria-busy={isBusy ? 'true' : 'false'} onClick={load}>
      {texts.say(isBusy ? 'app-loading' : 'app-load-more')}
    </button>
  );
}
