/** What every part of the page works with, and the hooks that lean on it. */
import { createContext, useContext, useEffect, useLayoutEffect, useRef, useState } from 'hono/jsx/dom';
import type { Api } from './api.ts';
import type { BottomButtons, Wish } from './buttons.ts';
import type { Router } from './router.ts';
import type { Feel, WebApp } from './telegram.ts';
import type { Texts } from './texts.ts';
import type { BasketAnswer, SettingsAnswer, ShopAnswer } from './wire.ts';

export interface AppContext {
  readonly api: Api;
  readonly texts: Texts;
  readonly shop: ShopAnswer;
  readonly router: Router;
  readonly telegram: WebApp;
  readonly buttons: BottomButtons;
  readonly basketCount: number;
  feel(what: Feel): void;
  /** Says something in passing, also to who listens instead of looking. */
  toast(words: string): void;
  noteBasket(basket: BasketAnswer): void;
  speak(settings: SettingsAnswer): Promise<void>;
}

const Context = createContext<AppContext | undefined>(undefined);
export const AppProvider = Context.Provider;

export function useApp(): AppContext {
  const app = useContext(Context);
  if (!app) throw new Error('outside the app');
  return app;
}

const cache = new Map<string, unknown>();

/** What was asked before is shown at once, and asked again behind it. */
export interface Loaded<Data> {
  readonly data: Data | undefined;
  readonly problem: unknown;
  reload(): void;
  set(data: Data): void;
}

/** Loads what `key` names. @param key another one is another thing; undefined loads nothing */
export function useLoad<Data>(key: string | undefined, load: () => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string | undefined; data: Data | undefined; problem: unknown }>({
    key,
    data: key === undefined ? undefined : (cache.get(key) as Data | undefined),
    problem: undefined,
  });
  const [times, setTimes] = useState(0);
  const newest = useRef(key);
  newest.current = key;
  useEffect(() => {
    if (key === undefined) return;
    let isLeft = false;
    load().then(
      (data) => {
        cache.set(key, data);
        if (!isLeft) setState({ key, data, problem: undefined });
      },
      (problem: unknown) => {
        if (!isLeft) setState({ key, data: cache.get(key) as Data | undefined, problem });
      },
    );
    return () => {
      isLeft = true;
    };
  }, [key, times]);
  const isCurrent = state.key === key;
  const known = key === undefined ? undefined : (cache.get(key) as Data | undefined);
  return {
    data: isCurrent ? state.data : known,
    problem: isCurrent ? state.problem : undefined,
    reload: () => setTimes((before: number) => before + 1),
    set(data) {
      if (key !== undefined) cache.set(key, data);
      if (newest.current === key) setState({ key, data, problem: undefined });
    },
  };
}

/** Forgets what was loaded: another language, another balance. @param prefix of the keys */
export function forget(prefix = ''): void {
  for (const key of [...cache.keys()]) if (key.startsWith(prefix)) cache.delete(key);
}

/** Telegram's main button while this part is shown; nothing where `wish` is undefined. */
export function useMainButton(wish: Wish | undefined): void {
  useButton('main', wish);
}

export function useSecondButton(wish: Wish | undefined): void {
  useButton('second', wish);
}

function useButton(kind: 'main' | 'second', wish: Wish | undefined): void {
  const { buttons } = useApp();
  const owner = useRef({});
  useLayoutEffect(() => {
    buttons.want(kind, owner.current ?? {}, wish);
  });
  useEffect(
    () => () => {
      buttons.want(kind, owner.current ?? {}, undefined);
    },
    [],
  );
}

/** Runs one thing at a time: pressed again while it runs, nothing happens. */
export function useOnce<Args extends unknown[]>(act: (...args: Args) => Promise<void>): { run: (...args: Args) => void; isBusy: boolean } {
  const busy = useRef(false);
  const [isBusy, setIsBusy] = useState(false);
  return {
    isBusy,
    run(...args) {
      if (busy.current) return;
      busy.current = true;
      setIsBusy(true);
      void act(...args).finally(() => {
        busy.current = false;
        setIsBusy(false);
      });
    },
  };
}
