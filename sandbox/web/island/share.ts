/** What leads from one chat into another: words brought there to be sent, and the results of `@bot words`. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { InlineAnswer } from '../../telegram/chat-contract.ts';
import { client } from './client.ts';
import type { ShareTargets } from './model.ts';
import type { State } from './store.ts';

/** A chat is being chosen, for these words. */
export interface Sharing {
  readonly words: string;
  readonly to: ShareTargets;
}

/** Words that wait in the input of a chat. */
export interface Draft {
  readonly bot: string;
  readonly chatId: number;
  readonly words: string;
}

interface Page {
  state(): State;
  set(change: Partial<State>): void;
  /** Runs an action and shows in words what went wrong. */
  attempt<T>(action: () => Promise<T>): Promise<T | undefined>;
  openChat(bot: string, chatId: number): Promise<void>;
}

export function createShareActions({ state, set, attempt, openChat }: Page) {
  const place = () => ({ person: state().person, chatBot: state().bot, chatId: state().chatId });
  return {
    /** Puts words into the input of the open chat. */
    write: (words: string) => set({ draft: { bot: state().bot, chatId: state().chatId, words } }),
    /** Asks for a chat to bring words to. */
    share: (words: string, to: ShareTargets = { bots: true, groups: true }) => set({ sharing: { words, to } }),
    async shareTo(bot: string, chatId: number) {
      const words = state().sharing?.words ?? '';
      set({ sharing: undefined, draft: { bot, chatId, words } });
      await openChat(bot, chatId);
    },
    askInline: (bot: string, query: string, offset: string): Promise<InlineAnswer | undefined> =>
      attempt(() => client.inline({ bot, ...place(), query, offset })),
    /** @returns whether it stands in the chat */
    async pickInline(bot: string, queryId: string, resultId: string): Promise<boolean> {
      return (await attempt(() => client.pickInline({ bot, ...place(), queryId, resultId }))) !== undefined;
    },
  };
}

/** What a button does that begins an inline query. @returns undefined for any other button */
export function switchesInline(button: InlineKeyboardButton, bot: string): { words: string; to: ShareTargets | 'here' } | undefined {
  const ask = (query: string) => `@${bot} ${query}`;
  if ('switch_inline_query_current_chat' in button) return { words: ask(button.switch_inline_query_current_chat), to: 'here' };
  if ('switch_inline_query' in button) return { words: ask(button.switch_inline_query), to: { bots: true, groups: true } };
  if (!('switch_inline_query_chosen_chat' in button)) return undefined;
  const { query = '', allow_bot_chats: bots = false, allow_group_chats: groups = false } = button.switch_inline_query_chosen_chat;
  return { words: ask(query), to: { bots, groups } };
}
