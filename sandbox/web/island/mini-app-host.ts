/** What Telegram does for a Mini App it shows: the protocol's messages, both ways, and the theme. */

export interface AppButton {
  is_visible: boolean;
  is_active?: boolean;
  is_progress_visible?: boolean;
  text?: string;
  color?: string;
  text_color?: string;
  position?: 'left' | 'right' | 'top' | 'bottom';
}

export interface Popup {
  title: string;
  message: string;
  buttons: { id?: string; type?: string; text?: string }[];
}

/** Telegram Web's own colours. */
const themes = {
  light: {
    bg_color: '#ffffff',
    text_color: '#000000',
    hint_color: '#707579',
    link_color: '#3390ec',
    button_color: '#3390ec',
    button_text_color: '#ffffff',
    secondary_bg_color: '#f4f4f5',
    header_bg_color: '#ffffff',
    bottom_bar_bg_color: '#ffffff',
    accent_text_color: '#3390ec',
    section_bg_color: '#ffffff',
    section_header_text_color: '#707579',
    section_separator_color: '#e2e4e7',
    subtitle_text_color: '#707579',
    destructive_text_color: '#e53935',
  },
  dark: {
    bg_color: '#212121',
    text_color: '#ffffff',
    hint_color: '#aaaaaa',
    link_color: '#8774e1',
    button_color: '#8774e1',
    button_text_color: '#ffffff',
    secondary_bg_color: '#0f0f0f',
    header_bg_color: '#212121',
    bottom_bar_bg_color: '#212121',
    accent_text_color: '#8774e1',
    section_bg_color: '#212121',
    section_header_text_color: '#aaaaaa',
    section_separator_color: '#303030',
    subtitle_text_color: '#aaaaaa',
    destructive_text_color: '#ff595a',
  },
} as const;

export const themeOf = (isDark: boolean) => (isDark ? themes.dark : themes.light);

/** A Mini App's address with what Telegram puts behind its `#`. */
export function launchAddress(url: string, initData: string, isDark: boolean): string {
  const launch = new URLSearchParams({
    tgWebAppData: initData,
    tgWebAppVersion: '9.1',
    tgWebAppPlatform: 'weba',
    tgWebAppThemeParams: JSON.stringify(themeOf(isDark)),
  });
  return `${url.split('#')[0]}#${launch}`;
}

/** @returns undefined when it is no message of the protocol */
export function readEvent(data: unknown): { eventType: string; eventData: Record<string, unknown> } | undefined {
  try {
    const { eventType, eventData } = JSON.parse(String(data)) as { eventType?: unknown; eventData?: unknown };
    if (typeof eventType !== 'string') return undefined;
    return { eventType, eventData: typeof eventData === 'object' && eventData !== null ? (eventData as Record<string, unknown>) : {} };
  } catch {
    return undefined;
  }
}

export const writeEvent = (eventType: string, eventData: unknown) => JSON.stringify({ eventType, eventData });

/** What a button of a popup says when it brings no words. */
export function popupWords({ text, type }: Popup['buttons'][number]): string {
  return text || ({ ok: 'OK', close: 'Close', cancel: 'Cancel' } as Record<string, string>)[type ?? ''] || 'OK';
}
