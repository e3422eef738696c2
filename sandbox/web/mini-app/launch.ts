/** What Telegram puts behind the `#` of a Mini App's address, kept for reloads as Telegram's script does. */
export type Theme = Record<string, string>;
export type Listener = (data?: unknown) => void;

export interface Insets {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface Launch {
  readonly initData: string;
  readonly unsafe: Record<string, unknown>;
  readonly version: string;
  readonly platform: string;
  readonly theme: Theme;
}

const place = '__telegram__initParams';

export function readLaunch(hash: string, storage: Pick<Storage, 'getItem' | 'setItem'>): Launch {
  const kept = new URLSearchParams(storage.getItem(place) ?? '');
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  for (const [name, value] of given) if (name.startsWith('tgWebApp')) kept.set(name, value);
  storage.setItem(place, kept.toString());
  const initData = kept.get('tgWebAppData') ?? '';
  const unsafe = Object.fromEntries([...new URLSearchParams(initData)].map(([name, value]) => [name, readValue(value)]));
  return {
    initData,
    unsafe,
    version: kept.get('tgWebAppVersion') ?? '6.0',
    platform: kept.get('tgWebAppPlatform') ?? 'unknown',
    theme: readTheme(kept.get('tgWebAppThemeParams')),
  };
}

function readValue(value: string): unknown {
  if (!/^[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readTheme(text: string | null): Theme {
  const value = readValue(text ?? '');
  return typeof value === 'object' && value !== null ? (value as Theme) : {};
}

/** `bg_color` as it is named in CSS. */
export const cssName = (name: string) => name.replaceAll('_', '-');

/** Whether a message is one of the protocol. */
export function isEvent(data: unknown): data is string {
  if (typeof data !== 'string' || !data.startsWith('{')) return false;
  try {
    return typeof (JSON.parse(data) as { eventType?: unknown }).eventType === 'string';
  } catch {
    return false;
  }
}
