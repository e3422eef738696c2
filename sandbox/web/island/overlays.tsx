/** @jsxImportSource hono/jsx/dom */
/** What lies over the chat: toast, alert, the Stars sheet, an opened photo, chats to choose from. */
import type { Child } from 'hono/jsx/dom';
import { useEffect, useRef } from 'hono/jsx/dom';
import { formatMoney } from './format.ts';
import { chatsToShareTo } from './model.ts';
import { Avatar, Icon } from './parts.tsx';
import type { Sharing } from './share.ts';
import { languageOf } from './side.tsx';
import type { Actions, Sheet, State } from './store.ts';

export function Overlays({ state, actions }: { state: State; actions: Actions }) {
  return (
    <>
      {state.toast ? (
        <div class="toast" role="status" data-testid="toast">
          <span>{state.toast}</span>
        </div>
      ) : null}
      {state.sheet ? <StarsSheet sheet={state.sheet} state={state} actions={actions} /> : null}
      {state.sharing ? <ChatChoice sharing={state.sharing} state={state} actions={actions} /> : null}
      {state.photo ? (
        <Layer close={() => actions.set({ photo: undefined })} label="Photo" kind="viewer">
          <img src={`/sandbox/files/${encodeURIComponent(state.photo.fileId)}`} alt={state.photo.words} />
          <button type="button" class="icon-button" aria-label="Close" onClick={() => actions.set({ photo: undefined })}>
            <Icon name="close" />
          </button>
        </Layer>
      ) : null}
      {state.alert ? (
        <Layer close={() => actions.set({ alert: undefined })} label="Answer">
          <div class="alert" data-testid="alert">
            {state.alert}
            <button type="button" class="button" onClick={() => actions.set({ alert: undefined })}>
              OK
            </button>
          </div>
        </Layer>
      ) : null}
    </>
  );
}

/** A dialog over the chat: takes the focus, gives it back, closes on Escape and on a tap beside it. */
function Layer({ close, label, kind, children }: { close(): void; label: string; kind?: string; children: Child }) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    layer.current?.querySelector<HTMLElement>('.primary, .row, button:not(.scrim-close)')?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div class={`scrim ${kind ?? ''}`} ref={layer} role="dialog" aria-modal="true" aria-label={label}>
      <button type="button" class="scrim-close" aria-label="Close" tabindex={-1} onClick={close} />
      {children}
    </div>
  );
}

function ChatChoice({ sharing, state, actions }: { sharing: Sharing; state: State; actions: Actions }) {
  const close = () => actions.set({ sharing: undefined });
  const chats = chatsToShareTo(state.chats, sharing.to);
  return (
    <Layer close={close} label="Choose a chat">
      <section class="sheet choice" data-testid="chat-choice">
        <div class="sheet-top">
          <h2>Send to …</h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {chats.length === 0 ? <p>There is no chat here this may be sent to.</p> : null}
        {chats.map(({ bot, chatId, title }) => (
          <button type="button" class="row" data-testid="choice" onClick={() => void actions.shareTo(bot, chatId)}>
            <Avatar id={chatId < 0 ? chatId : bot} name={title} />
            <b>{title}</b>
          </button>
        ))}
      </section>
    </Layer>
  );
}

function StarsSheet({ sheet, state, actions }: { sheet: Sheet; state: State; actions: Actions }) {
  const language = languageOf(state);
  const { invoice, stage } = sheet;
  const price = formatMoney(invoice.total_amount, invoice.currency, language);
  const balance = state.people.find((person) => person.id === state.person)?.stars ?? 0;
  const bot = state.bots.find((one) => one.username === state.bot);
  const close = () => {
    if (stage !== 'paying') actions.set({ sheet: undefined });
  };
  return (
    <Layer close={close} label="Pay with Stars">
      <section class="sheet" data-testid="stars-sheet">
        <div class="sheet-top">
          <button type="button" class="icon-button" aria-label="Close" disabled={stage === 'paying'} onClick={close}>
            <Icon name="close" />
          </button>
          <span class="balance">
            Balance
            <b data-testid="stars-balance">{formatMoney(balance, 'XTR', language)}</b>
          </span>
        </div>
        <div class={`big-star ${stage === 'paid' ? 'paid' : ''}`} aria-hidden="true">
          {stage === 'paid' ? '🎉' : '⭐'}
        </div>
        <h2>{stage === 'paid' ? 'Paid' : invoice.title}</h2>
        {stage === 'paid' ? (
          <p>
            {price} went to {bot?.name ?? 'the shop'}.
          </p>
        ) : (
          <>
            <p>{invoice.description}</p>
            <p class="price">
              Pay {price} to {bot?.name ?? 'the shop'}?
            </p>
          </>
        )}
        {sheet.problem ? (
          <p class="problem" role="alert" data-testid="stars-problem">
            {sheet.problem}
          </p>
        ) : null}
        {stage !== 'paid' && (
          <button
            type="button"
            class="button primary"
            data-testid="stars-pay"
            disabled={stage === 'paying'}
            onClick={() => void actions.payStars()}
          >
            {stage === 'paying' ? <span class="spinner" /> : null}
            {stage === 'paying' ? 'Asking the shop …' : `Confirm and pay ${price}`}
          </button>
        )}
        <span class="no-money">Sandbox, no real money</span>
      </section>
    </Layer>
  );
}
