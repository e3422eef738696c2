/** @jsxImportSource hono/jsx/dom */
/** What a bot found for `@bot words`, above the input: asked while one writes, chosen by arrows and Enter or by a tap. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import type { InlineAnswer } from '../../telegram/chat-contract.ts';
import { avatarColour, initials } from './format.ts';
import type { Actions, State } from './store.ts';

/** Who is still writing is not asked for yet. */
const pauseMs = 250;
/** Nearer to the end of the list than this, more is asked for. */
const nearEndPixels = 160;

type Found = InlineAnswer['results'][number] & { readonly queryId: string };

interface Answer {
  readonly results: readonly Found[];
  readonly nextOffset: string;
  readonly button?: InlineAnswer['button'];
}

export interface InlineSearch {
  readonly bot: string;
  /** Of the query as it stands now; undefined while it is on its way. */
  readonly answer: Answer | undefined;
  /** What is on show: of the query before, while the new one is on its way. */
  readonly shown: Answer | undefined;
  readonly chosen: number;
  choose(index: number): void;
  more(): void;
}

/** Asks the bot of `asked`, and again whenever it changes. */
export function useInlineSearch(asked: { bot: string; query: string } | undefined, actions: Actions): InlineSearch | undefined {
  const key = asked && JSON.stringify([asked.bot, asked.query]);
  const [held, setHeld] = useState<{ key: string; bot: string; answer: Answer } | undefined>(undefined);
  const [chosen, setChosen] = useState(0);
  const asking = useRef<string | undefined>(undefined);
  useEffect(() => {
    asking.current = key;
    if (!asked || key === undefined) {
      setHeld(undefined);
      return;
    }
    const timer = setTimeout(async () => {
      const answer = await actions.askInline(asked.bot, asked.query, '');
      if (asking.current !== key) return;
      setChosen(0);
      setHeld({ key, bot: asked.bot, answer: add(undefined, answer) });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [key]);
  if (!asked) return undefined;
  const shown = held?.bot === asked.bot ? held.answer : undefined;
  const answer = held?.key === key ? shown : undefined;
  const more = async () => {
    if (!held || held.key !== key || held.answer.nextOffset === '') return;
    const { nextOffset } = held.answer;
    // Not asked for twice while it is on its way.
    setHeld({ ...held, answer: { ...held.answer, nextOffset: '' } });
    const next = await actions.askInline(asked.bot, asked.query, nextOffset);
    if (asking.current === key) setHeld({ ...held, answer: add(held.answer, next) });
  };
  const choose = (index: number) => {
    setChosen(index);
    if (answer && index >= answer.results.length - 2) void more();
  };
  return { bot: asked.bot, answer, shown, chosen, choose, more: () => void more() };
}

function add(before: Answer | undefined, page: InlineAnswer | undefined): Answer {
  const fresh = (page?.results ?? []).map((one) => ({ ...one, queryId: page?.queryId ?? '' }));
  return {
    results: [...(before?.results ?? []), ...fresh],
    nextOffset: page?.nextOffset ?? '',
    button: before ? before.button : page?.button,
  };
}

export const optionId = (index: number) => `inline-${index}`;

interface Props {
  state: State;
  search: InlineSearch;
  pick(found: Found): void;
  openButton(start: string): void;
}

export function InlineResults({ state, search, pick, openButton }: Props) {
  const { bot, answer, shown, chosen } = search;
  const list = useRef<HTMLDivElement>(null);
  const name = state.bots.find((one) => one.username === bot)?.name ?? bot;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, answer === undefined]);
  const onScroll = () => {
    const element = list.current;
    if (element && element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPixels) search.more();
  };
  const results = shown?.results ?? [];
  const { button } = shown ?? {};
  return (
    <div class="suggestions inline" ref={list} onScroll={onScroll} data-testid="inline" aria-busy={answer ? 'false' : 'true'}>
      <div class="inline-head" role="status">
        {answer ? (answer.results.length > 0 ? name : `Nothing found by ${name}`) : `Asking ${name} …`}
      </div>
      {button ? (
        <button type="button" class="inline-button" data-testid="inline-button" onClick={() => openButton(button.start)}>
          {button.text}
        </button>
      ) : null}
      <div role="listbox" id="inline-results" aria-label={`Found by ${name}`}>
        {results.map((found, index) => (
          <button
            type="button"
            role="option"
            id={optionId(index)}
            key={`${found.queryId}:${found.id}`}
            class={`suggestion found ${index === chosen ? 'chosen' : ''}`}
            aria-selected={index === chosen ? 'true' : 'false'}
            data-testid="inline-result"
            onClick={() => pick(found)}
          >
            {found.photo ? (
              <img class="found-mark" src={`/sandbox/files/${encodeURIComponent(found.photo)}`} alt="" />
            ) : (
              <span class={`found-mark hue-${avatarColour(found.title ?? found.id)}`} aria-hidden="true">
                {initials(found.title ?? '?').slice(0, 1)}
              </span>
            )}
            <span class="found-words">
              <b class="found-title">{found.title ?? 'Photo'}</b>
              {found.description ? <small>{found.description}</small> : null}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}
