/** Words and numbers as the person reading them expects: their language, the browser's time zone. */

/** Minor units as local money (`1999`, `EUR` → `€19.99`); Stars as `250 ⭐`. */
export function formatMoney(amount: number, currency: string, language: string): string {
  if (currency === 'XTR') return `${new Intl.NumberFormat(language).format(amount)} ⭐`;
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** decimals);
}

/** Clock of an ISO time, to the second. */
export function formatSecond(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(Date.parse(iso));
}

/** Hours and minutes of a unix time in seconds. */
export function formatClock(unixSeconds: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(unixSeconds * 1000);
}

/** The day over a group of messages: today, yesterday, or the date. */
export function formatDay(unixSeconds: number, nowMs: number, language: string): string {
  const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  const daysAgo = Math.round((startOfDay(nowMs) - startOfDay(unixSeconds * 1000)) / 86_400_000);
  if (daysAgo === 0 || daysAgo === 1) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-daysAgo, 'day');
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: daysAgo > 300 ? 'numeric' : undefined }).format(
    unixSeconds * 1000,
  );
}

/** Seconds as `14:32` or `1:02:03`, never below zero. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/**
 * A `date_time` entity as Telegram shows it: `r` is relative; else any of `w` weekday, `d`/`D` short or long date, `t`/`T` short or long time.
 * @returns undefined for an empty format, which keeps the message's own words.
 */
export function formatDateTime(unixSeconds: number, format: string, nowMs: number, language: string): string | undefined {
  if (format === '') return undefined;
  if (format.includes('r')) return formatRelative(unixSeconds - nowMs / 1000, language);
  const options: Intl.DateTimeFormatOptions = {};
  if (format.includes('w')) options.weekday = 'long';
  if (format.includes('d')) Object.assign(options, { day: '2-digit', month: '2-digit', year: '2-digit' });
  if (format.includes('D')) Object.assign(options, { day: 'numeric', month: 'long', year: 'numeric' });
  if (/t/i.test(format)) Object.assign(options, { hour: '2-digit', minute: '2-digit' });
  if (format.includes('T')) options.second = '2-digit';
  return new Intl.DateTimeFormat(language, options).format(unixSeconds * 1000);
}

function formatRelative(seconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const size = Math.abs(seconds);
  if (size < 60) return format.format(Math.round(seconds), 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}

/** Two letters for a round avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s_]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[1]] : [words[0]];
  return letters.map((word) => [...(word ?? '?')][0]?.toUpperCase() ?? '').join('');
}

/** One of seven avatar colours, the same for one id everywhere. */
export function avatarColour(id: number | string): number {
  let sum = 0;
  for (const char of String(id)) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return sum % 7;
}
