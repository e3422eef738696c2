/** @jsxImportSource hono/jsx/dom */
/** A Mini App over the chat, as Telegram Web shows it: its head, its frame, its two buttons. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import { type AppButton, launchAddress, type Popup, popupWords, readEvent, themeOf, writeEvent } from './mini-app-host.ts';
import { Icon } from './parts.tsx';
import type { Actions, State } from './store.ts';

const hidden: AppButton = { is_visible: false };
const dark = matchMedia('(prefers-color-scheme: dark)');

export function MiniApp({ state, actions }: { state: State; actions: Actions }) {
  const opened = state.miniApp;
  return opened ? <Panel key={opened.launchedAt} app={opened} state={state} actions={actions} /> : null;
}

function Panel({ app, state, actions }: { app: NonNullable<State['miniApp']>; state: State; actions: Actions }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [address] = useState(() => launchAddress(app.url, app.initData, dark.matches));
  const [main, setMain] = useState(hidden);
  const [second, setSecond] = useState(hidden);
  const [canGoBack, setCanGoBack] = useState(false);
  const [popup, setPopup] = useState<Popup | undefined>(undefined);
  /** What is asked before it closes. */
  const [asksToClose, setAsksToClose] = useState(false);
  const needsAsking = useRef(false);
  /** The invoice the app opened, and how it stands. */
  const invoice = useRef<{ slug: string; status: string; isShown: boolean } | undefined>(undefined);
  const title = state.bots.find((bot) => bot.username === app.bot)?.name ?? app.bot;

  /** Until the app has spoken, its frame is an empty page of nobody's. */
  const isThere = useRef(false);
  const tell = (eventType: string, eventData: unknown = null) =>
    isThere.current && frame.current?.contentWindow?.postMessage(writeEvent(eventType, eventData), new URL(app.url).origin);
  const close = () => actions.set({ miniApp: undefined });
  const askToClose = () => (needsAsking.current ? setAsksToClose(true) : close());

  useEffect(() => {
    const tellViewport = () => {
      const height = frame.current?.clientHeight ?? 0;
      tell('viewport_changed', { height, width: frame.current?.clientWidth ?? 0, is_expanded: true, is_state_stable: true });
    };
    const tellTheme = () => tell('theme_changed', { theme_params: themeOf(dark.matches) });
    const nowhere = { top: 0, bottom: 0, left: 0, right: 0 };
    const asked: Record<string, (data: Record<string, unknown>) => void> = {
      web_app_setup_main_button: (data) => setMain(data as unknown as AppButton),
      web_app_setup_secondary_button: (data) => setSecond(data as unknown as AppButton),
      web_app_setup_back_button: (data) => setCanGoBack(data.is_visible === true),
      web_app_setup_closing_behavior: (data) => {
        needsAsking.current = data.need_confirmation === true;
      },
      web_app_close: close,
      web_app_request_theme: tellTheme,
      web_app_request_viewport: tellViewport,
      web_app_expand: tellViewport,
      web_app_request_safe_area: () => tell('safe_area_changed', nowhere),
      web_app_request_content_safe_area: () => tell('content_safe_area_changed', nowhere),
      web_app_trigger_haptic_feedback: () => navigator.vibrate?.(10),
      web_app_open_popup: (data) => setPopup(data as unknown as Popup),
      web_app_open_link: (data) => void actions.openLink(String(data.url)),
      web_app_open_tg_link: (data) => {
        close();
        void actions.openLink(`https://t.me${String(data.path_full)}`);
      },
      web_app_open_invoice: (data) => {
        const slug = String(data.slug);
        invoice.current = { slug, status: 'cancelled', isShown: false };
        void actions.openLink(`https://t.me/$${slug}`);
      },
    };
    const onMessage = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== new URL(app.url).origin) return;
      const told = readEvent(event.data);
      isThere.current = true;
      if (told) asked[told.eventType]?.(told.eventData);
    };
    addEventListener('message', onMessage);
    dark.addEventListener('change', tellTheme);
    const observer = new ResizeObserver(tellViewport);
    if (frame.current) observer.observe(frame.current);
    return () => {
      removeEventListener('message', onMessage);
      dark.removeEventListener('change', tellTheme);
      observer.disconnect();
    };
  }, []);

  // The sheet tells nobody how it ended: it is seen here, while it is open and when it is gone.
  const { sheet } = state;
  useEffect(() => {
    const open = invoice.current;
    if (!open) return;
    if (sheet) {
      if (sheet.stage === 'paid') open.status = 'paid';
      else if (sheet.problem) open.status = 'failed';
      else if (sheet.stage === 'asking') open.status = 'cancelled';
      open.isShown = true;
    } else if (open.isShown) {
      invoice.current = undefined;
      tell('invoice_closed', { slug: open.slug, status: open.status });
    }
  }, [sheet]);

  const answerPopup = (id: string | undefined) => {
    setPopup(undefined);
    tell('popup_closed', id === undefined ? {} : { button_id: id });
  };

  return (
    <section class="mini-app" role="dialog" aria-modal="true" aria-label={title} data-testid="mini-app">
      <header class="mini-app-head">
        {canGoBack ? (
          <button
            type="button"
            class="icon-button"
            aria-label="Back"
            data-testid="mini-app-back"
            onClick={() => tell('back_button_pressed')}
          >
            <Icon name="left" />
          </button>
        ) : null}
        <div class="head-words">
          <b>{title}</b>
          <span>Mini App · sandbox, no real money</span>
        </div>
        <button type="button" class="icon-button" aria-label="Close the Mini App" data-testid="mini-app-close" onClick={askToClose}>
          <Icon name="close" />
        </button>
      </header>
      <iframe ref={frame} class="mini-app-frame" src={address} title={title} data-testid="mini-app-frame" allow="clipboard-write" />
      {main.is_visible || second.is_visible ? (
        <div class={`mini-app-keys ${second.position ?? 'left'}`}>
          <AppKey button={second} testId="mini-app-second" press={() => tell('secondary_button_pressed')} />
          <AppKey button={main} testId="mini-app-main" press={() => tell('main_button_pressed')} />
        </div>
      ) : null}
      {popup ? (
        <div class="scrim" role="alertdialog" aria-modal="true" aria-label={popup.title || popup.message}>
          <div class="alert" data-testid="mini-app-popup">
            {popup.title ? <b>{popup.title}</b> : null}
            {popup.title ? <br /> : null}
            {popup.message}
            <div class="alert-keys">
              {popup.buttons.map((button) => (
                <button type="button" class="button" onClick={() => answerPopup(button.id)}>
                  {popupWords(button)}
                </button>
              ))}
            </div>
          </div>
        </div>
      ) : null}
      {asksToClose ? (
        <div class="scrim" role="alertdialog" aria-modal="true" aria-label="Close the Mini App?">
          <div class="alert" data-testid="mini-app-asks">
            Changes that you made may not be saved.
            <div class="alert-keys">
              <button type="button" class="button" onClick={() => setAsksToClose(false)}>
                Cancel
              </button>
              <button type="button" class="button" onClick={close}>
                Close anyway
              </button>
            </div>
          </div>
        </div>
      ) : null}
    </section>
  );
}

function AppKey({ button, testId, press }: { button: AppButton; testId: string; press(): void }) {
  if (!button.is_visible) return null;
  const isActive = button.is_active !== false;
  return (
    <button
      type="button"
      class="mini-app-key"
      data-testid={testId}
      disabled={!isActive}
      aria-busy={button.is_progress_visible ? 'true' : 'false'}
      style={{ background: button.color ?? '', color: button.text_color ?? '' }}
      onClick={press}
    >
      {button.is_progress_visible ? <span class="spinner" /> : null}
      {button.text}
    </button>
  );
}
