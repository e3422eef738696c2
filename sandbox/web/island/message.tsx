/** @jsxImportSource hono/jsx/dom */
/** One message: its bubble, what it carries, and the buttons under it. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { ChatMessage } from '../../telegram/chat-contract.ts';
import { formatClock, formatMoney } from './format.ts';
import { isBigEmoji, isService } from './model.ts';
import { Icon } from './parts.tsx';
import { RichText, type TextActions } from './rich-text.tsx';
import { switchesInline } from './share.ts';
import type { Actions } from './store.ts';

export interface MessageProps {
  message: ChatMessage;
  mine: boolean;
  /** Whether it is the last of a group and has the tail. */
  last: boolean;
  /** In a group, who speaks. */
  author?: string;
  language: string;
  pressed: ReadonlySet<string>;
  textActions: TextActions;
  actions: Actions;
  bot: string;
  chatId: number;
}

export function Message(props: MessageProps) {
  const { message, mine, last } = props;
  if (isService(message)) return <ServiceLine message={message} language={props.language} />;
  const rows = inlineRows(message);
  return (
    <article
      class={`message ${mine ? 'out' : 'in'} ${last ? 'last' : ''} ${rows.length > 0 ? 'wide' : ''}`}
      data-testid="message"
      data-message-id={String(message.id)}
    >
      <div class="bubble">
        {props.author && <span class="author">{props.author}</span>}
        {message.viaBot ? (
          <button type="button" class="via" onClick={() => props.actions.write(`@${message.viaBot} `)}>
            via @{message.viaBot}
          </button>
        ) : null}
        <Attachment {...props} />
        {message.text ? <Words {...props} /> : null}
        <span class="meta">
          {message.edited ? 'edited ' : ''}
          <time dateTime={new Date(message.date * 1000).toISOString()}>{formatClock(message.date, props.language)}</time>
        </span>
      </div>
      {rows.length > 0 && (
        <div class="keyboard">
          {rows.map((row, rowIndex) => (
            <div class="keyboard-row" key={String(rowIndex)}>
              {row.map((button, columnIndex) => (
                <InlineKey key={String(columnIndex)} button={button} row={rowIndex} column={columnIndex} {...props} />
              ))}
            </div>
          ))}
        </div>
      )}
    </article>
  );
}

function Words({ message, textActions }: MessageProps) {
  const text = message.text ?? '';
  if (!message.entities?.length && isBigEmoji(text)) return <span class="text big-emoji">{text}</span>;
  return <RichText text={text} entities={message.entities} actions={textActions} />;
}

function ServiceLine({ message, language }: { message: ChatMessage; language: string }) {
  const paid = message.successfulPayment;
  const back = message.refundedPayment;
  const words = paid
    ? `You paid ${formatMoney(paid.total_amount, paid.currency, language)}`
    : back
      ? `${formatMoney(back.total_amount, back.currency, language)} came back to you`
      : message.service;
  return (
    <div class="service" data-testid="message" data-message-id={String(message.id)}>
      {words}
    </div>
  );
}

function Attachment({ message, language, textActions, actions }: MessageProps) {
  if (message.photo) {
    const { fileId } = message.photo;
    const words = message.text ?? 'Photo';
    return (
      <button type="button" class="photo" aria-label="Open the photo" onClick={() => actions.set({ photo: { fileId, words } })}>
        <img src={`/sandbox/files/${encodeURIComponent(fileId)}`} alt={words.slice(0, 120)} />
      </button>
    );
  }
  if (message.document) {
    return (
      <a class="file" href={`/sandbox/files/${encodeURIComponent(message.document.fileId)}`} download={message.document.fileName ?? 'file'}>
        <span class="file-mark">
          <Icon name="file" />
        </span>
        <span>
          <b>{message.document.fileName ?? 'File'}</b>
          <small>Download</small>
        </span>
      </a>
    );
  }
  const place = message.venue?.location ?? message.location;
  if (place) {
    const url = `https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=17/${place.latitude}/${place.longitude}`;
    return (
      <a
        class="venue"
        href={url}
        rel="noreferrer"
        onClick={(event) => {
          event.preventDefault();
          textActions.openLink(url);
        }}
      >
        <span class="map">
          <Icon name="pin" size={40} />
        </span>
        <span>
          <b>{message.venue?.title ?? 'Place on the map'}</b>
          <small>{message.venue?.address ?? `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`}</small>
        </span>
      </a>
    );
  }
  if (message.invoice) {
    return (
      <div class="invoice">
        <b class="invoice-title">{message.invoice.title}</b>
        <span class="text">{message.invoice.description}</span>
        <div>
          <span class="invoice-price">{formatMoney(message.invoice.total_amount, message.invoice.currency, language)}</span>
        </div>
      </div>
    );
  }
  return null;
}

/** Buttons under a message; an invoice without any has its pay button all the same, as in Telegram. */
function inlineRows(message: ChatMessage): InlineKeyboardButton[][] {
  const markup = message.replyMarkup;
  if (markup && 'inline_keyboard' in markup && markup.inline_keyboard.length > 0) return markup.inline_keyboard;
  return message.invoice ? [[{ text: 'Pay', pay: true }]] : [];
}

interface KeyProps extends MessageProps {
  button: InlineKeyboardButton;
  row: number;
  column: number;
}

function InlineKey({ button, row, column, message, language, pressed, textActions, actions, bot, chatId }: KeyProps) {
  const inline = switchesInline(button, message.viaBot ?? bot);
  const busy = pressed.has(`${message.id}:${row}:${column}`);
  const press = () => {
    if ('callback_data' in button) void actions.tap(message.id, row, column, button.callback_data);
    else if ('url' in button) textActions.openLink(button.url);
    else if ('copy_text' in button) textActions.copy(button.copy_text.text);
    else if ('web_app' in button) void actions.openMiniApp(button.web_app.url);
    else if ('pay' in button && message.invoice) void actions.askForStars(message.invoice, { bot, chatId, messageId: message.id });
    else if (inline?.to === 'here') actions.write(inline.words);
    else if (inline) actions.share(inline.words, inline.to);
    else actions.toast('The sandbox does not know this kind of button.');
  };
  const mark = 'url' in button || 'web_app' in button ? 'away' : 'copy_text' in button ? 'copy' : inline ? 'share' : undefined;
  const words = 'pay' in button && message.invoice ? payWords(button.text, message.invoice, language) : button.text;
  const style = 'style' in button && typeof button.style === 'string' ? button.style : '';
  return (
    <button
      type="button"
      class={`key ${style}`}
      data-testid="button"
      data-row={String(row)}
      data-column={String(column)}
      aria-busy={busy ? 'true' : 'false'}
      disabled={busy}
      onClick={press}
    >
      {words}
      {busy ? <span class="spinner" /> : null}
      {!busy && mark ? (
        <span class="key-mark">
          <Icon name={mark} size={12} />
        </span>
      ) : null}
    </button>
  );
}

/** Telegram puts the star's picture where the bot wrote `⭐` or `XTR`. */
function payWords(text: string, invoice: { total_amount: number; currency: string }, language: string): string {
  if (text === 'Pay') return `Pay ${formatMoney(invoice.total_amount, invoice.currency, language)}`;
  return text.replace('XTR', '⭐');
}
