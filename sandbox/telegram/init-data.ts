/** What Telegram hands a Mini App about who opened it, signed with the bot's token as Telegram documents it. */
import { createHmac, randomBytes } from 'node:crypto';
import type { User } from 'grammy/types';

/** @param authDate when the Mini App was opened, Unix seconds */
export function signInitData(
  token: string,
  user: User,
  { authDate, startParam }: { authDate: number; startParam?: string | undefined },
): string {
  const fields: Record<string, string> = {
    user: JSON.stringify({ ...user, allows_write_to_pm: true }),
    chat_instance: String(user.id * 7_919),
    chat_type: 'private',
    auth_date: String(authDate),
    // Telegram's own signature, for those who have no token; nobody here has the key to it.
    signature: randomBytes(64).toString('base64url'),
    ...(startParam === undefined ? {} : { start_param: startParam }),
  };
  const lines = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const secret = createHmac('sha256', 'WebAppData').update(token).digest();
  const hash = createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
  return new URLSearchParams({ ...fields, hash }).toString();
}
