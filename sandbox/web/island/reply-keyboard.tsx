/** @jsxImportSource hono/jsx/dom */
/** The bot's own keys below the input. */
import type { ReplyKeyboardMarkup } from 'grammy/types';
import type { Actions, State } from './store.ts';

export interface Keyboard {
  readonly markup: ReplyKeyboardMarkup;
  readonly messageId: number;
}

/** The newest message with a reply keyboard decides, until one removes it or a one-time keyboard was used. */
export function replyKeyboard(state: State): Keyboard | undefined {
  for (const message of [...state.messages].reverse()) {
    const markup = message.replyMarkup;
    if (!markup) continue;
    if ('remove_keyboard' in markup) return undefined;
    if ('keyboard' in markup) return message.id === state.usedKeyboard ? undefined : { markup, messageId: message.id };
  }
  return undefined;
}

export function ReplyKeys({ keyboard, actions }: { keyboard: Keyboard; actions: Actions }) {
  return (
    <div class="reply-keyboard" data-testid="reply-keyboard">
      {keyboard.markup.keyboard.map((row, rowIndex) => (
        <div class="keyboard-row" key={String(rowIndex)}>
          {row.map((key) => {
            const words = typeof key === 'string' ? key : key.text;
            const press = () => {
              if (keyboard.markup.one_time_keyboard) actions.set({ usedKeyboard: keyboard.messageId });
              void actions.send(words);
            };
            return (
              <button type="button" class="reply-key" data-testid="reply-button" onClick={press}>
                {words}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
