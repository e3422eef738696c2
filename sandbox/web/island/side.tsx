/** @jsxImportSource hono/jsx/dom */
/** Who one is, and which chat is open. */
import { useState } from 'hono/jsx/dom';
import type { ChatPerson, ChatSummary } from '../../telegram/chat-contract.ts';
import { formatClock } from './format.ts';
import { previewWords } from './model.ts';
import { Avatar, Badge, Icon } from './parts.tsx';
import type { Actions, State } from './store.ts';

const languages: Record<string, string> = { en: 'English', ru: 'Русский', pl: 'Polski' };

export function Side({ state, actions }: { state: State; actions: Actions }) {
  return (
    <>
      {state.sideOpen && (
        <button type="button" class="side-scrim" aria-label="Close" tabindex={-1} onClick={() => actions.set({ sideOpen: false })} />
      )}
      <nav class={`side ${state.sideOpen ? 'open' : ''}`} aria-label="People and chats">
        <div class="brand">
          <span class="brand-mark">
            <Icon name="bag" />
          </span>
          <div>
            <b>Tillflow</b>
            <span class="no-money">Sandbox, no real money</span>
          </div>
          <button type="button" class="icon-button side-close" aria-label="Close" onClick={() => actions.set({ sideOpen: false })}>
            <Icon name="close" />
          </button>
        </div>
        <People state={state} actions={actions} />
        <section>
          <h2 id="chats-title">Chats</h2>
          <ul class="card-list" aria-labelledby="chats-title" data-testid="chat-list">
            {chatRows(state).map((chat) => (
              <ChatRow key={`${chat.bot}:${chat.chatId}`} chat={chat} state={state} actions={actions} />
            ))}
          </ul>
        </section>
      </nav>
    </>
  );
}

function People({ state, actions }: { state: State; actions: Actions }) {
  return (
    <section>
      <h2 id="people-title">You are</h2>
      <div class="card-list">
        <ul aria-labelledby="people-title" data-testid="person-switch">
          {state.people.map((person) => (
            <li key={String(person.id)}>
              <button
                type="button"
                class="row"
                data-testid="person"
                data-person-id={String(person.id)}
                aria-pressed={person.id === state.person ? 'true' : 'false'}
                onClick={() => void actions.switchPerson(person.id)}
              >
                <Avatar id={person.id} name={fullName(person)} small />
                <span class="row-words">
                  <b>{fullName(person)}</b>
                  <small>{describe(person)}</small>
                </span>
                <Badge count={state.unread[person.id] ?? 0} />
              </button>
            </li>
          ))}
        </ul>
        <NewPerson actions={actions} />
      </div>
    </section>
  );
}

function NewPerson({ actions }: { actions: Actions }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <button type="button" class="add-row" onClick={() => setOpen(true)}>
        + Somebody new
      </button>
    );
  }
  const submit = (event: Event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const firstName = String(data.get('firstName') ?? '').trim();
    if (!firstName) return;
    setOpen(false);
    void actions.addPerson(firstName, String(data.get('languageCode')));
  };
  return (
    <form class="new-person" onSubmit={submit}>
      <input name="firstName" placeholder="First name" aria-label="First name" maxLength={64} required autofocus />
      <select name="languageCode" aria-label="Language">
        {Object.entries(languages).map(([code, name]) => (
          <option value={code}>{name}</option>
        ))}
      </select>
      <button type="submit" class="button primary">
        Add
      </button>
    </form>
  );
}

function ChatRow({ chat, state, actions }: { chat: ChatSummary; state: State; actions: Actions }) {
  const open = chat.bot === state.bot && chat.chatId === state.chatId;
  return (
    <li>
      <button
        type="button"
        class="row"
        data-testid="chat"
        data-chat-id={String(chat.chatId)}
        aria-pressed={open ? 'true' : 'false'}
        onClick={() => void actions.openChat(chat.bot, chat.chatId)}
      >
        <Avatar id={chat.chatId < 0 ? chat.chatId : chat.bot} name={chat.title} />
        <span class="row-words">
          <b>{chat.title}</b>
          <small>{preview(chat)}</small>
        </span>
        <span class="row-end">
          {chat.lastMessage ? formatClock(chat.lastMessage.date, languageOf(state)) : ''}
          <Badge count={open ? 0 : chat.unread} />
        </span>
      </button>
    </li>
  );
}

/** Every bot has a row, also one nobody has written to yet. */
function chatRows(state: State): ChatSummary[] {
  const missing = state.bots.filter((bot) => !state.chats.some((chat) => chat.bot === bot.username && chat.chatId === state.person));
  return [
    ...state.chats,
    ...missing.map(
      (bot): ChatSummary => ({ bot: bot.username, chatId: state.person, type: 'private', title: bot.name, unread: 0, blocked: false }),
    ),
  ];
}

export function fullName(person: ChatPerson): string {
  return person.lastName ? `${person.firstName} ${person.lastName}` : person.firstName;
}

/** The person's language for dates and money; plain English is read the European way, with a 24-hour clock. */
export function languageOf(state: State): string {
  const code = state.people.find((person) => person.id === state.person)?.languageCode ?? 'en';
  return code === 'en' ? 'en-GB' : code;
}

function describe(person: ChatPerson): string {
  return [languages[person.languageCode] ?? person.languageCode, person.username ? `@${person.username}` : ''].filter(Boolean).join(' · ');
}

function preview(chat: ChatSummary): string {
  const last = chat.lastMessage;
  if (!last) return 'No messages yet';
  if (last.service) return last.service;
  if (last.successfulPayment) return 'Payment';
  if (last.refundedPayment) return 'Refund';
  if (last.text) return previewWords(last);
  if (last.photo) return 'Photo';
  if (last.venue ?? last.location) return 'Place';
  return last.invoice?.title ?? 'Message';
}
