/** What a shop's bot tells us about itself. */
import type { EntityManager } from '../orm.ts';

/** The bot's name at Telegram, for links into it. */
export async function setBotUsername(em: EntityManager, shopId: number, username: string): Promise<void> {
  await em.execute('update shop set bot_username = ? where id = ?', [username, shopId]);
}
