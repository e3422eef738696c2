/** @jsxImportSource hono/jsx/dom */
/** The line over the chat: who one is (on a narrow page), with whom one speaks, and the chat's menu. */
import { useEffect, useState } from 'hono/jsx/dom';
import { Avatar, Badge, Icon } from './parts.tsx';
import { fullName } from './side.tsx';
import type { Actions, State } from './store.ts';

export function Head({ state, actions }: { state: State; actions: Actions }) {
  const [menuOpen, setMenuOpen] = useState(false);
  const bot = state.bots.find((one) => one.username === state.bot);
  const person = state.people.find((one) => one.id === state.person);
  const chat = state.chats.find((one) => one.bot === state.bot && one.chatId === state.chatId);
  const group = state.chatId < 0;
  const title = chat?.title ?? bot?.name ?? state.bot;
  const unreadOfOthers = Object.entries(state.unread).reduce((sum, [id, count]) => sum + (Number(id) === state.person ? 0 : count), 0);
  useEffect(() => {
    if (!menuOpen) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setMenuOpen(false);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [menuOpen]);
  const choose = (action: () => void) => () => {
    setMenuOpen(false);
    action();
  };
  return (
    <header class="head">
      <button
        type="button"
        class="icon-button people-button"
        aria-label={`You are ${person ? fullName(person) : 'nobody'}. Switch person or chat`}
        data-testid="open-people"
        onClick={() => actions.set({ sideOpen: true })}
      >
        <Avatar id={state.person} name={person ? fullName(person) : '?'} small />
        <Badge count={unreadOfOthers} />
      </button>
      <Avatar id={group ? state.chatId : state.bot} name={title} />
      <div class="head-words">
        <b data-testid="chat-title">{title}</b>
        {state.typing ? <span class="busy">typing …</span> : <span>{group ? 'group, sandbox' : 'bot · sandbox, no real money'}</span>}
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label="Chat menu"
        aria-expanded={menuOpen ? 'true' : 'false'}
        onClick={() => setMenuOpen(!menuOpen)}
      >
        <Icon name="more" />
      </button>
      {menuOpen && (
        <>
          <button type="button" class="menu-cover" aria-label="Close the menu" tabindex={-1} onClick={() => setMenuOpen(false)} />
          <div class="menu" role="menu" tabindex={-1}>
            <button type="button" role="menuitem" onClick={choose(() => actions.copy(location.href))}>
              Copy link to this chat
            </button>
            <button type="button" role="menuitem" onClick={choose(() => window.open(location.href, '_blank', 'noopener'))}>
              Open in another window
            </button>
            {!group && (
              <button type="button" role="menuitem" onClick={choose(() => void actions.block(!chat?.blocked))}>
                {chat?.blocked ? 'Unblock the bot' : 'Block the bot'}
              </button>
            )}
          </div>
        </>
      )}
    </header>
  );
}
