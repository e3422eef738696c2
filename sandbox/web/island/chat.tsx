/** @jsxImportSource hono/jsx/dom */
/** The open chat: who it is with, what was said, and the way back up through it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'hono/jsx/dom';
import { staffChatId } from '../../telegram/demo.ts';
import { Composer } from './composer.tsx';
import { formatDay } from './format.ts';
import { Head } from './head.tsx';
import { Message } from './message.tsx';
import { MiniApp } from './mini-app.tsx';
import { endsGroup, groupByDay } from './model.ts';
import { Overlays } from './overlays.tsx';
import { Avatar, Icon } from './parts.tsx';
import type { TextActions } from './rich-text.tsx';
import { languageOf } from './side.tsx';
import type { Actions, State } from './store.ts';

/** Nearer to the bottom than this, new messages pull the view along. */
const nearBottomPixels = 120;

export function Chat({ state, actions }: { state: State; actions: Actions }) {
  return (
    <main class="device" aria-label="Chat">
      <Head state={state} actions={actions} />
      {!state.connected && (
        <div class="connection" role="status" data-testid="connection">
          <span class="spinner" /> Connection lost, trying again …
        </div>
      )}
      <Wall key={`${state.person}:${state.bot}:${state.chatId}`} state={state} actions={actions} />
      <Composer key={`input:${state.person}:${state.bot}:${state.chatId}`} state={state} actions={actions} />
      <MiniApp state={state} actions={actions} />
      <Overlays state={state} actions={actions} />
    </main>
  );
}

function Wall({ state, actions }: { state: State; actions: Actions }) {
  const list = useRef<HTMLDivElement>(null);
  const view = useRef({ atBottom: true, height: 0, clientHeight: 0, firstId: 0, lastId: 0 });
  const [away, setAway] = useState(false);
  const language = languageOf(state);
  const { messages } = state;
  const firstId = messages[0]?.id ?? 0;
  const lastMessage = messages.at(-1);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const known = view.current ?? { atBottom: true, height: 0, clientHeight: 0, firstId: 0, lastId: 0 };
    // Who scrolled up since the last drawing is told by the place itself: the event of it comes later.
    if (known.height - element.scrollTop - known.clientHeight >= nearBottomPixels) known.atBottom = false;
    // What one has just said oneself is always worth seeing.
    const saidByMe = lastMessage !== undefined && lastMessage.id > known.lastId && lastMessage.from?.id === state.person;
    if (saidByMe && known.lastId > 0) known.atBottom = true;
    // Older messages came in above: keep what is being read where it is.
    if (known.firstId > firstId && firstId > 0 && !known.atBottom) element.scrollTop += element.scrollHeight - known.height;
    else if (known.atBottom) element.scrollTop = element.scrollHeight;
    view.current = { ...known, height: element.scrollHeight, clientHeight: element.clientHeight, firstId, lastId: lastMessage?.id ?? 0 };
  });
  // Photos grow the list after it was laid out.
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const settle = () => {
      if (view.current?.atBottom) element.scrollTop = element.scrollHeight;
    };
    element.addEventListener('load', settle, true);
    const observer = new ResizeObserver(settle);
    observer.observe(element);
    return () => {
      element.removeEventListener('load', settle, true);
      observer.disconnect();
    };
  }, []);

  const onScroll = () => {
    const element = list.current;
    if (!element || !view.current) return;
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    view.current.atBottom = distance < nearBottomPixels;
    view.current.height = element.scrollHeight;
    view.current.clientHeight = element.clientHeight;
    setAway(distance > 400);
    if (element.scrollTop < 80 && state.hasOlder && !state.loading) void actions.loadOlder();
  };
  const textActions: TextActions = {
    language,
    openLink: (url) => void actions.openLink(url),
    sendCommand: (command) => void actions.send(command),
    copy: (text) => void actions.copy(text),
  };

  return (
    <div class="wall">
      <div class="messages" ref={list} onScroll={onScroll} role="log" aria-label="Messages" tabindex={0} data-testid="message-list">
        {state.hasOlder && (
          <button type="button" class="older" onClick={() => void actions.loadOlder()}>
            {state.loading ? 'Loading …' : 'Older messages'}
          </button>
        )}
        {messages.length === 0 && !state.loading ? <Empty state={state} actions={actions} /> : null}
        {groupByDay(messages).map((day) => (
          <section class="day-group" key={new Date((day[0]?.date ?? 0) * 1000).toDateString()}>
            <div class="day">{formatDay(day[0]?.date ?? 0, Date.now(), language)}</div>
            {day.map((message, index) => {
              const previous = day[index - 1];
              const mine = message.from?.id === state.person;
              const startsGroup = !previous || endsGroup(previous, message);
              return (
                <Message
                  key={String(message.id)}
                  message={message}
                  mine={mine}
                  last={endsGroup(message, day[index + 1])}
                  author={state.chatId < 0 && !mine && startsGroup ? message.from?.firstName : undefined}
                  language={language}
                  pressed={state.pressed}
                  textActions={textActions}
                  actions={actions}
                  bot={state.bot}
                  chatId={state.chatId}
                />
              );
            })}
          </section>
        ))}
        {state.typing && (
          <div class="typing" role="img" aria-label="The bot is typing">
            <i />
            <i />
            <i />
          </div>
        )}
      </div>
      {away && (
        <button
          type="button"
          class="jump"
          aria-label="To the newest message"
          onClick={() => list.current?.scrollTo({ top: list.current.scrollHeight, behavior: 'smooth' })}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function Empty({ state, actions }: { state: State; actions: Actions }) {
  const bot = state.bots.find((one) => one.username === state.bot);
  if (state.chatId < 0) {
    return (
      <div class="empty">
        <b>Nothing here yet</b>
        <span>{state.chatId === staffChatId ? 'Orders show up here as soon as somebody buys.' : 'Show the others what you found.'}</span>
      </div>
    );
  }
  return (
    <div class="empty" data-testid="empty-chat">
      <Avatar id={state.bot} name={bot?.name ?? state.bot} />
      <b>{bot?.name ?? state.bot}</b>
      <span>{bot?.description ?? 'Browse, pay and receive goods in this chat. It is a sandbox: no real money.'}</span>
      <button type="button" class="button primary start" data-testid="start" onClick={() => void actions.send('/start')}>
        Start
      </button>
    </div>
  );
}
