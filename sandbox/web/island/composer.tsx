/** @jsxImportSource hono/jsx/dom */
/** The input: commands with suggestions, what bots find for `@bot words`, the bot's keyboard, and the way back for a blocked bot. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import { InlineResults, optionId, useInlineSearch } from './inline-results.tsx';
import { inlineAsked } from './model.ts';
import { Icon } from './parts.tsx';
import { ReplyKeys, replyKeyboard } from './reply-keyboard.tsx';
import type { Actions, State } from './store.ts';

export function Composer({ state, actions }: { state: State; actions: Actions }) {
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [listOpen, setListOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [keyboardOpen, setKeyboardOpen] = useState(true);

  const commands = state.bots.find((bot) => bot.username === state.bot)?.commands ?? [];
  const typed = /^\/(\w*)$/.exec(text)?.[1];
  const matching = commands.filter(({ command }) => typed === undefined || command.startsWith(typed.toLowerCase()));
  const suggestions = listOpen || typed !== undefined ? matching : [];
  const menuButton = state.chatId > 0 ? state.bots.find((bot) => bot.username === state.bot)?.menuButton : undefined;
  const keyboard = replyKeyboard(state);
  const search = useInlineSearch(inlineAsked(text, state.bots), actions);
  const chat = state.chats.find((one) => one.bot === state.bot && one.chatId === state.chatId);

  const write = (value: string) => {
    setText(value);
    setChosen(0);
    if (input.current && input.current.value !== value) input.current.value = value;
  };
  const { draft } = state;
  useEffect(() => {
    if (draft?.bot !== state.bot || draft.chatId !== state.chatId) return;
    actions.set({ draft: undefined });
    write(draft.words);
    input.current?.focus();
  }, [draft]);

  if (chat?.blocked) {
    return (
      <div class="blocked">
        <button type="button" class="button primary" onClick={() => void actions.block(false)}>
          You blocked this bot. Unblock
        </button>
      </div>
    );
  }

  const send = async (words: string) => {
    const trimmed = words.trim();
    if (!trimmed) return;
    setListOpen(false);
    write('');
    if (!(await actions.send(trimmed))) write(words);
    input.current?.focus();
  };
  /** A chosen file is sent at once, with what stands in the input as its caption. */
  const attach = async () => {
    const file = picker.current?.files?.[0];
    if (picker.current && file && (await actions.sendFile(file, text.trim()))) write('');
    if (picker.current) picker.current.value = '';
    input.current?.focus();
  };
  /** Words that ask a bot are no message: what it found is, by way of it. */
  const pick = async (found: { queryId: string; id: string } | undefined) => {
    if (!search || !found) return;
    const asked = text;
    write('');
    if (!(await actions.pickInline(search.bot, found.queryId, found.id))) write(asked);
    input.current?.focus();
  };
  const openFoundButton = async (start: string) => {
    const { bot = '' } = search ?? {};
    write('');
    await actions.openLink(`https://t.me/${bot}?start=${start}`);
  };
  const onInlineKey = (event: KeyboardEvent, { answer, chosen: at, choose }: NonNullable<typeof search>) => {
    const last = (answer?.results.length ?? 0) - 1;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void pick(answer?.results[at]);
    else if (event.key === 'ArrowDown') choose(Math.min(at + 1, last));
    else if (event.key === 'ArrowUp') choose(Math.max(at - 1, 0));
    else if (event.key === 'Escape') write('');
    else return;
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (search) {
      onInlineKey(event, search);
    } else if (event.key === 'Escape') {
      setListOpen(false);
    } else if (suggestions.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : suggestions.length - 1;
      setChosen((chosen + step) % suggestions.length);
    } else if (suggestions.length > 0 && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      write(`/${suggestions[chosen]?.command ?? ''}`);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const suggested = suggestions[chosen]?.command;
      void send(suggested && (listOpen || typed !== undefined) ? `/${suggested}` : text);
    }
  };

  return (
    <>
      <form
        class="composer"
        onSubmit={(event: Event) => {
          event.preventDefault();
          void send(text);
        }}
      >
        {search ? (
          <InlineResults
            state={state}
            search={search}
            pick={(found) => void pick(found)}
            openButton={(start) => void openFoundButton(start)}
          />
        ) : null}
        {suggestions.length > 0 && (
          <ul class="suggestions" aria-label="Commands" data-testid="commands">
            {suggestions.map((suggestion, index) => (
              <li key={suggestion.command}>
                <button
                  type="button"
                  class={`suggestion ${index === chosen ? 'chosen' : ''}`}
                  onClick={() => void send(`/${suggestion.command}`)}
                >
                  <b>/{suggestion.command}</b>
                  <small>{suggestion.description}</small>
                </button>
              </li>
            ))}
          </ul>
        )}
        {menuButton && !search ? (
          <button type="button" class="commands-button" data-testid="menu-button" onClick={() => void actions.openMiniApp(menuButton.url)}>
            <Icon name="bag" size={18} /> <span class={text === '' ? '' : 'visually-hidden'}>{menuButton.text}</span>
          </button>
        ) : null}
        {commands.length > 0 && !search && (
          <button
            type="button"
            class={`commands-button ${menuButton ? 'quiet' : ''}`}
            aria-expanded={listOpen ? 'true' : 'false'}
            data-testid="commands-button"
            onClick={() => setListOpen(!listOpen)}
          >
            <Icon name="menu" size={18} />
            <span class={menuButton ? 'visually-hidden' : ''}>Menu</span>
          </button>
        )}
        <input
          ref={picker}
          type="file"
          class="visually-hidden"
          tabIndex={-1}
          aria-label="File to send"
          data-testid="file"
          onChange={() => void attach()}
        />
        {!search && (
          <button
            type="button"
            class="icon-button"
            aria-label="Attach a photo or file"
            data-testid="attach"
            onClick={() => picker.current?.click()}
          >
            <Icon name="clip" />
          </button>
        )}
        <textarea
          ref={input}
          rows={1}
          placeholder="Message"
          aria-label="Message"
          data-testid="input"
          {...(search && { 'aria-controls': 'inline-results', 'aria-autocomplete': 'list' })}
          {...(search?.answer?.results.length && { 'aria-activedescendant': optionId(search.chosen) })}
          maxLength={4096}
          onInput={(event) => write((event.currentTarget as HTMLTextAreaElement).value)}
          onKeyDown={onKeyDown}
        />
        {keyboard && (
          <button
            type="button"
            class="icon-button"
            aria-label={keyboardOpen ? 'Hide the keyboard' : 'Show the keyboard'}
            onClick={() => setKeyboardOpen(!keyboardOpen)}
          >
            <Icon name={keyboardOpen ? 'down' : 'keyboard'} />
          </button>
        )}
        {search ? (
          <button type="button" class="icon-button" aria-label="Clear" data-testid="clear" onClick={() => write('')}>
            <Icon name="close" />
          </button>
        ) : (
          <button type="submit" class="icon-button send" aria-label="Send" data-testid="send" disabled={!text.trim()}>
            <Icon name="send" />
          </button>
        )}
      </form>
      {keyboard && keyboardOpen ? <ReplyKeys keyboard={keyboard} actions={actions} /> : null}
    </>
  );
}
