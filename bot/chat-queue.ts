/** Updates of one chat are serial, those of different chats are not. */
import type { Update } from 'grammy/types';

/** Which updates wait for each other; undefined for those that wait for none (a pre-checkout has ten seconds). */
export function queueKeyOf(update: Update): string | undefined {
  const from = update.message?.from ?? update.callback_query?.from ?? update.my_chat_member?.from;
  const chat = update.message?.chat ?? update.callback_query?.message?.chat ?? update.my_chat_member?.chat;
  if (!chat && !from) return undefined;
  // In a group everyone has a turn of their own.
  return chat && chat.type !== 'private' ? `${chat.id}/${from?.id ?? ''}` : String(chat?.id ?? from?.id);
}

export function createChatQueue() {
  const tails = new Map<string, Promise<void>>();

  /** Runs `work` after what the same key has before it. A failure of one is its caller's, the next goes on. */
  return function enqueue(key: string | undefined, work: () => Promise<void>): Promise<void> {
    if (key === undefined) return work();
    const before = tails.get(key) ?? Promise.resolve();
    const done = before.then(work);
    const tail = done.catch(() => undefined);
    tails.set(key, tail);
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
    return done;
  };
}
