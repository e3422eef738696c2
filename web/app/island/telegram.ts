/** Telegram around the app: the part of `window.Telegram.WebApp` that is used here, and what stands in where a client is too old for it. */

interface BottomButton {
  setParams(look: { text?: string; is_visible?: boolean; is_active?: boolean; has_shine_effect?: boolean; position?: string }): unknown;
  showProgress(staysActive?: boolean): unknown;
  hideProgress(): unknown;
  onClick(listener: () => void): unknown;
}

export interface WebApp {
  readonly initData: string;
  readonly initDataUnsafe: { readonly user?: { readonly language_code?: string }; readonly start_param?: string };
  readonly colorScheme: 'light' | 'dark';
  readonly MainButton: BottomButton;
  readonly SecondaryButton?: BottomButton;
  readonly BackButton: { show(): unknown; hide(): unknown; onClick(listener: () => void): unknown };
  readonly HapticFeedback: {
    impactOccurred(style: 'light' | 'medium'): unknown;
    notificationOccurred(type: 'success' | 'warning' | 'error'): unknown;
    selectionChanged(): unknown;
  };
  isVersionAtLeast(version: string): boolean;
  onEvent(name: string, listener: () => void): void;
  ready(): void;
  expand(): void;
  close(): void;
  enableClosingConfirmation(): void;
  disableClosingConfirmation(): void;
  disableVerticalSwipes?(): void;
  setHeaderColor(color: string): void;
  setBackgroundColor(color: string): void;
  openLink(url: string): void;
  openTelegramLink(url: string): void;
  openInvoice(url: string, done?: (status: 'paid' | 'cancelled' | 'failed' | 'pending') => void): void;
  showConfirm(message: string, done: (confirmed: boolean) => void): void;
}

declare global {
  interface Window {
    readonly Telegram?: { readonly WebApp?: WebApp };
  }
}

/** Undefined outside Telegram: nobody signed who looks. */
export function findWebApp(): WebApp | undefined {
  const app = window.Telegram?.WebApp;
  return app?.initData ? app : undefined;
}

/** Runs what a client may be too old for. */
export function ifAble(app: WebApp, version: string, act: () => void): void {
  if (app.isVersionAtLeast(version)) act();
}

/** Takes Telegram's colours, now and whenever they change, and the whole height. */
export function moveIn(app: WebApp): void {
  const recolour = () => {
    document.documentElement.dataset.scheme = app.colorScheme;
    ifAble(app, '6.1', () => {
      app.setHeaderColor('secondary_bg_color');
      app.setBackgroundColor('secondary_bg_color');
    });
  };
  recolour();
  app.onEvent('themeChanged', recolour);
  app.expand();
  // A list that is scrolled must not drag the whole app away.
  ifAble(app, '7.7', () => app.disableVerticalSwipes?.());
}

export type Feel = 'press' | 'choose' | 'success' | 'warning' | 'error';

export function feel(app: WebApp, what: Feel): void {
  ifAble(app, '6.1', () => {
    if (what === 'press') app.HapticFeedback.impactOccurred('light');
    else if (what === 'choose') app.HapticFeedback.selectionChanged();
    else app.HapticFeedback.notificationOccurred(what);
  });
}

/** Telegram's own way to pass a link on: the person chooses to whom. `words` stand with it. */
export function shareLink(app: WebApp, url: string, words: string): void {
  app.openTelegramLink(`https://t.me/share/url?${new URLSearchParams({ url, text: words })}`);
}

/** Asks before something is lost. */
export function confirm(app: WebApp, question: string): Promise<boolean> {
  if (!app.isVersionAtLeast('6.2')) return Promise.resolve(window.confirm(question));
  return new Promise((resolve) => app.showConfirm(question, resolve));
}
