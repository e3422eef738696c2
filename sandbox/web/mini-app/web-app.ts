/**
 * What a Mini App finds as `window.Telegram.WebApp` in the sandbox: the part of Telegram's script that apps of ours use, speaking its protocol,
 * which is `postMessage` of `{"eventType": …, "eventData": …}` between the app's frame and the window around it.
 */
import { createButton, type ButtonHost } from './buttons.ts';
import { cssName, isEvent, readLaunch, type Insets, type Listener, type Theme } from './launch.ts';

const launch = readLaunch(location.hash, sessionStorage);
const root = document.documentElement;
const listeners = new Map<string, Set<Listener>>();
const invoices = new Map<string, (status: string) => void>();
const popups: ((buttonId: string) => void)[] = [];
const zero: Insets = { top: 0, bottom: 0, left: 0, right: 0 };
const state = {
  theme: launch.theme,
  height: innerHeight,
  stableHeight: innerHeight,
  isExpanded: true,
  safeArea: zero,
  contentSafeArea: zero,
  confirmsClosing: false,
};

/** Tells the window around. */
function post(eventType: string, eventData: unknown = null): void {
  if (window.parent !== window) window.parent.postMessage(JSON.stringify({ eventType, eventData }), '*');
}

function emit(name: string, data?: unknown): void {
  for (const listener of [...(listeners.get(name) ?? [])]) listener.call(webApp, data);
}

const isDark = (color = '#ffffff') => {
  const [red = 255, green = 255, blue = 255] = (color.slice(1).match(/../g) ?? []).map((part) => Number.parseInt(part, 16));
  return Math.sqrt(0.299 * red ** 2 + 0.587 * green ** 2 + 0.114 * blue ** 2) < 120;
};

function applyTheme(theme: Theme): void {
  state.theme = { ...state.theme, ...theme };
  root.style.setProperty('--tg-color-scheme', isDark(state.theme.bg_color) ? 'dark' : 'light');
  for (const [name, color] of Object.entries(state.theme)) root.style.setProperty(`--tg-theme-${cssName(name)}`, color);
}

function applyInsets(kind: 'safe-area' | 'content-safe-area', given: Partial<Insets>): Insets {
  const insets = { ...zero, ...given };
  for (const [side, pixels] of Object.entries(insets)) root.style.setProperty(`--tg-${kind}-inset-${side}`, `${pixels}px`);
  return insets;
}

function applyViewport({
  height,
  is_expanded,
  is_state_stable,
}: {
  height?: number;
  is_expanded?: boolean;
  is_state_stable?: boolean;
}): void {
  state.height = height ?? innerHeight;
  state.isExpanded = is_expanded ?? state.isExpanded;
  if (is_state_stable) state.stableHeight = state.height;
  root.style.setProperty('--tg-viewport-height', `${state.height}px`);
  root.style.setProperty('--tg-viewport-stable-height', `${state.stableHeight}px`);
}

/** What the window around says. */
const received: Record<string, (data: never) => void> = {
  theme_changed(data: { theme_params?: Theme }) {
    applyTheme(data.theme_params ?? {});
    emit('themeChanged');
  },
  viewport_changed(data: { height?: number; is_expanded?: boolean; is_state_stable?: boolean }) {
    applyViewport(data);
    emit('viewportChanged', { isStateStable: data.is_state_stable === true });
  },
  safe_area_changed(data: Partial<Insets>) {
    state.safeArea = applyInsets('safe-area', data);
    emit('safeAreaChanged');
  },
  content_safe_area_changed(data: Partial<Insets>) {
    state.contentSafeArea = applyInsets('content-safe-area', data);
    emit('contentSafeAreaChanged');
  },
  main_button_pressed: () => mainButton.press(),
  secondary_button_pressed: () => secondaryButton.press(),
  back_button_pressed: () => emit('backButtonClicked'),
  settings_button_pressed: () => emit('settingsButtonClicked'),
  popup_closed(data: { button_id?: string }) {
    popups.shift()?.(data.button_id ?? '');
    emit('popupClosed', { button_id: data.button_id ?? null });
  },
  invoice_closed(data: { slug: string; status: string }) {
    invoices.get(data.slug)?.(data.status);
    invoices.delete(data.slug);
    emit('invoiceClosed', { url: `https://t.me/$${data.slug}`, status: data.status });
  },
  reload_iframe: () => location.reload(),
};

addEventListener('message', (event) => {
  if (event.source !== window.parent || !isEvent(event.data)) return;
  const { eventType, eventData } = JSON.parse(event.data) as { eventType: string; eventData: never };
  received[eventType]?.(eventData ?? ({} as never));
});

const host: ButtonHost = { post, emit, colors: () => state.theme };
const mainButton = createButton(host, 'main', { text: 'Continue' });
const secondaryButton = createButton(host, 'secondary', { text: 'Cancel' });

let backVisible = false;
const backButton = {
  get isVisible() {
    return backVisible;
  },
  set isVisible(visible: boolean) {
    if (visible !== backVisible) post('web_app_setup_back_button', { is_visible: visible });
    backVisible = visible;
  },
  show() {
    backButton.isVisible = true;
    return backButton;
  },
  hide() {
    backButton.isVisible = false;
    return backButton;
  },
  onClick(listener: Listener) {
    webApp.onEvent('backButtonClicked', listener);
    return backButton;
  },
  offClick(listener: Listener) {
    webApp.offEvent('backButtonClicked', listener);
    return backButton;
  },
};

const haptic = (type: string, more: object = {}) => {
  post('web_app_trigger_haptic_feedback', { type, ...more });
  return webApp.HapticFeedback;
};

function openPopup({ title = '', message, buttons }: { title?: string; message: string; buttons: unknown[] }, done: (id: string) => void) {
  popups.push(done);
  post('web_app_open_popup', { title, message, buttons });
}

const webApp = {
  initData: launch.initData,
  initDataUnsafe: launch.unsafe,
  version: launch.version,
  platform: launch.platform,
  get colorScheme() {
    return isDark(state.theme.bg_color) ? 'dark' : 'light';
  },
  get themeParams() {
    return state.theme;
  },
  get isExpanded() {
    return state.isExpanded;
  },
  get viewportHeight() {
    return state.height;
  },
  get viewportStableHeight() {
    return state.stableHeight;
  },
  get safeAreaInset() {
    return state.safeArea;
  },
  get contentSafeAreaInset() {
    return state.contentSafeArea;
  },
  get isClosingConfirmationEnabled() {
    return state.confirmsClosing;
  },
  set isClosingConfirmationEnabled(needed: boolean) {
    state.confirmsClosing = needed;
    post('web_app_setup_closing_behavior', { need_confirmation: needed });
  },
  MainButton: mainButton.button,
  SecondaryButton: secondaryButton.button,
  BackButton: backButton,
  HapticFeedback: {
    impactOccurred: (style: string) => haptic('impact', { impact_style: style }),
    notificationOccurred: (type: string) => haptic('notification', { notification_type: type }),
    selectionChanged: () => haptic('selection_change'),
  },
  isVersionAtLeast(version: string) {
    const [have, need] = [launch.version, version].map((one) => one.split('.').map(Number));
    const apart = [0, 1].map((part) => (have?.[part] ?? 0) - (need?.[part] ?? 0));
    return (apart.find((difference) => difference !== 0) ?? 0) >= 0;
  },
  onEvent(name: string, listener: Listener) {
    listeners.set(name, (listeners.get(name) ?? new Set()).add(listener));
  },
  offEvent(name: string, listener: Listener) {
    listeners.get(name)?.delete(listener);
  },
  ready: () => post('web_app_ready'),
  expand: () => post('web_app_expand'),
  close: () => post('web_app_close'),
  enableClosingConfirmation: () => (webApp.isClosingConfirmationEnabled = true),
  disableClosingConfirmation: () => (webApp.isClosingConfirmationEnabled = false),
  enableVerticalSwipes: () => post('web_app_setup_swipe_behavior', { allow_vertical_swipe: true }),
  disableVerticalSwipes: () => post('web_app_setup_swipe_behavior', { allow_vertical_swipe: false }),
  setHeaderColor: (color: string) => post('web_app_set_header_color', color.startsWith('#') ? { color } : { color_key: color }),
  setBackgroundColor: (color: string) => post('web_app_set_background_color', { color }),
  setBottomBarColor: (color: string) => post('web_app_set_bottom_bar_color', { color }),
  openLink: (url: string) => post('web_app_open_link', { url }),
  openTelegramLink: (url: string) => post('web_app_open_tg_link', { path_full: new URL(url).pathname + new URL(url).search }),
  openInvoice(url: string, done?: (status: string) => void) {
    const slug = /^https:\/\/t\.me\/(?:\$|invoice\/)([\w-]+)$/.exec(url)?.[1];
    if (slug === undefined) throw new Error('WebAppInvoiceUrlInvalid');
    if (done) invoices.set(slug, done);
    post('web_app_open_invoice', { slug });
  },
  showPopup: (params: { title?: string; message: string; buttons?: unknown[] }, done: (id: string) => void = () => undefined) =>
    openPopup({ ...params, buttons: params.buttons ?? [{ type: 'close', id: '' }] }, done),
  showAlert: (message: string, done: () => void = () => undefined) => openPopup({ message, buttons: [{ type: 'close', id: '' }] }, done),
  showConfirm: (message: string, done: (confirmed: boolean) => void = () => undefined) =>
    openPopup({ message, buttons: [{ type: 'ok', id: 'ok' }, { type: 'cancel' }] }, (id) => done(id === 'ok')),
};

Object.assign(window, { Telegram: { WebApp: webApp } });

applyTheme(launch.theme);
applyViewport({ is_state_stable: true });
applyInsets('safe-area', zero);
applyInsets('content-safe-area', zero);
post('iframe_ready', { reload_supported: true });
for (const wish of ['theme', 'viewport', 'safe_area', 'content_safe_area']) post(`web_app_request_${wish}`);
