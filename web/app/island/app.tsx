/** @jsxImportSource hono/jsx/dom */
/** The whole app: who looks, which shop it is, where one is in it. */
import { useEffect, useLayoutEffect, useMemo, useState } from 'hono/jsx/dom';
import { type Api, createApi } from './api.ts';
import { type AppContext, AppProvider, forget } from './app-context.ts';
import { createButtons } from './buttons.ts';
import { Frame } from './frame.tsx';
import { nameOfProblem } from './problem.tsx';
import { createRouter, readStart } from './router.ts';
import { feel, findWebApp, moveIn, type WebApp } from './telegram.ts';
import { loadTexts, type Texts } from './texts.ts';
import type { ShopAnswer } from './wire.ts';

const toastMs = 2_500;
const kept = 'language';

export interface AppProps {
  /** e.g. `/api/shops/demo` */
  readonly root: string;
  readonly textPaths: Readonly<Record<string, string>>;
}

/** The last language is known before the shop answers, so that words need not change under one's eyes. */
const firstLanguage = (telegram: WebApp | undefined) =>
  localStorage.getItem(kept) ?? telegram?.initDataUnsafe.user?.language_code ?? navigator.language;

export function App({ root, textPaths }: AppProps) {
  const telegram = useMemo(findWebApp, []);
  const api = useMemo(() => createApi(root, telegram?.initData ?? '', sessionStorage), []);
  const [texts, setTexts] = useState<Texts | undefined>(undefined);
  const [shop, setShop] = useState<ShopAnswer | undefined>(undefined);
  const [problem, setProblem] = useState<unknown>(undefined);

  const open = async () => {
    setProblem(undefined);
    const speaking = loadTexts(textPaths, firstLanguage(telegram)).then((loaded) => {
      setTexts(loaded);
      return loaded;
    });
    if (!telegram) return void (await speaking);
    const [first, found] = await Promise.all([speaking, api.shop()]);
    localStorage.setItem(kept, found.language);
    const isOurs = found.language === first.language && Object.keys(found.wording).length === 0;
    if (!isOurs) setTexts(await loadTexts(textPaths, found.language, found.wording));
    setShop(found);
  };
  const start = () => void open().catch(setProblem);
  useEffect(() => {
    if (telegram) moveIn(telegram);
    telegram?.ready();
    start();
  }, []);

  if (telegram && shop && texts) {
    return <Opened api={api} telegram={telegram} shop={shop} texts={texts} setTexts={setTexts} textPaths={textPaths} root={root} />;
  }
  if (texts && (!telegram || problem)) {
    const name = telegram ? nameOfProblem(problem) : 'outside';
    return <Alone name={name} texts={texts} retry={telegram ? start : undefined} />;
  }
  // Not even words came.
  if (problem) return <p class="alone">…</p>;
  return (
    <div class="frame" aria-hidden="true">
      <div class="bone search-bone" />
      <div class="grid">
        {[1, 2, 3, 4].map((one) => (
          <div key={String(one)} class="bone card-bone" />
        ))}
      </div>
    </div>
  );
}

function Alone({ name, texts, retry }: { name: string; texts: Texts; retry: (() => void) | undefined }) {
  return (
    <main class="alone">
      <h1>{texts.say(`app-${name}`)}</h1>
      <p>{texts.say(`app-${name}-text`)}</p>
      {retry && name !== 'banned' ? (
        <button type="button" class="soft-button" onClick={retry}>
          {texts.say('app-retry')}
        </button>
      ) : null}
    </main>
  );
}

interface OpenedProps extends AppProps {
  readonly api: Api;
  readonly telegram: WebApp;
  readonly shop: ShopAnswer;
  readonly texts: Texts;
  setTexts(texts: Texts): void;
}

function Opened({ api, telegram, shop, texts, setTexts, textPaths, root }: OpenedProps) {
  const [, draw] = useState(0);
  const [basketCount, setBasketCount] = useState(shop.basketCount);
  const [said, setSaid] = useState('');
  const buttons = useMemo(() => createButtons(telegram), []);
  const router = useMemo(() => {
    // Who opens it anew begins anew; a reload goes on. What Telegram signed tells one opening from the next.
    const opening = `${root}#${telegram.initData.slice(-24)}`;
    const place = {
      getItem: (name: string) => sessionStorage.getItem(opening + name),
      setItem: (name: string, text: string) => sessionStorage.setItem(opening + name, text),
    };
    return createRouter(place, () => draw((times: number) => times + 1), readStart(telegram.initDataUnsafe.start_param));
  }, []);

  useEffect(() => {
    document.documentElement.lang = texts.language;
    document.title = shop.title;
  }, [texts, shop]);
  useEffect(() => {
    telegram.BackButton.onClick(() => router.back());
  }, []);
  useLayoutEffect(() => {
    if (router.canGoBack) telegram.BackButton.show();
    else telegram.BackButton.hide();
  }, [router.canGoBack]);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), toastMs);
    return () => clearTimeout(timer);
  }, [said]);

  const context: AppContext = {
    api,
    texts,
    shop,
    router,
    telegram,
    buttons,
    basketCount,
    feel: (what) => feel(telegram, what),
    toast: setSaid,
    noteBasket: (basket) => setBasketCount(basket.lines.reduce((sum, { quantity }) => sum + quantity, 0)),
    async speak({ language, wording }) {
      const loaded = await loadTexts(textPaths, language, wording);
      localStorage.setItem(kept, language);
      forget();
      setTexts(loaded);
    },
  };
  return (
    <AppProvider value={context}>
      <Frame key={String(router.visit)} />
      <div class="toast-place" role="status" aria-live="polite">
        {said ? <span class="toast">{said}</span> : null}
      </div>
    </AppProvider>
  );
}
