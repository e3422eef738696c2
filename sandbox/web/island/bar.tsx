/** @jsxImportSource hono/jsx/dom */
/** The bar beside the chat: what the person began last, as the shop tells it, and the buttons that make its life hard. */
import { useEffect, useRef, useState } from 'hono/jsx/dom';
import type { Recent, Timeline } from '../bar-contract.ts';
import { Faults } from './bar-faults.tsx';
import { timeLeft, isFinal, lastMentionedCode, tellStatus, toneOfStatus } from './bar-state.ts';
import { client } from './client.ts';
import { formatCountdown, formatMoney, formatSecond } from './format.ts';
import { Icon } from './parts.tsx';
import { languageOf } from './side.tsx';
import type { Actions, State } from './store.ts';

const titles = { order: 'Order', deposit: 'Top-up' } as const;

interface Wish {
  person: number;
  /** Code picked by hand. */
  chosen?: string;
  /** Code told last in the open chat. */
  mentioned?: string;
  /** In a group the chat decides what is looked at, elsewhere the person's newest order or deposit is. */
  group: boolean;
}

interface Look {
  person: number;
  recent: Recent[];
  timeline?: Timeline;
  problem?: string;
}

const openSeconds = 1;
const awaySeconds = 2;
const quietSeconds = 5;

/** Looks at the shop again: every second while an order or deposit is open, else every five, never while the page is hidden. */
function useLook({ person, chosen, mentioned, group }: Wish, changes: number): Look {
  const [look, setLook] = useState<Look>({ person, recent: [] });
  const newestRun = useRef(0);
  useEffect(() => {
    const run = (newestRun.current ?? 0) + 1;
    newestRun.current = run;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isCurrent = () => newestRun.current === run;
    const again = async () => {
      let seconds = quietSeconds;
      if (!document.hidden) {
        const next = await lookAgain({ person, chosen, mentioned, group });
        if (!isCurrent()) return;
        setLook((before) => (next.problem && before.person === person ? { ...before, problem: next.problem } : next));
        if (next.problem) seconds = awaySeconds;
        else if (next.timeline && !isFinal(next.timeline.status)) seconds = openSeconds;
      }
      if (isCurrent()) timer = setTimeout(() => void again(), seconds * 1000);
    };
    void again();
    const onShow = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      void again();
    };
    document.addEventListener('visibilitychange', onShow);
    return () => {
      newestRun.current = run + 1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShow);
    };
  }, [person, chosen, changes, mentioned, group]);
  return look.person === person ? look : { person, recent: [] };
}

async function lookAgain({ person, chosen, mentioned, group }: Wish): Promise<Look> {
  try {
    const recent = (await client.recent(person)).sort((a, b) => b.begunAt.localeCompare(a.begunAt));
    const code = chosen ?? (group ? (mentioned ?? recent[0]?.code) : (recent[0]?.code ?? mentioned));
    return { person, recent, timeline: code ? await client.timeline(code) : undefined };
  } catch (error) {
    return { person, recent: [], problem: error instanceof Error ? error.message : String(error) };
  }
}

export function Bar({ state, actions }: { state: State; actions: Actions }) {
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<{ person: number; code: string | undefined }>({ person: state.person, code: undefined });
  const chosen = choice.person === state.person ? choice.code : undefined;
  const { recent, timeline, problem } = useLook(
    { person: state.person, chosen, mentioned: lastMentionedCode(state.messages), group: state.chatId < 0 },
    state.changes,
  );
  const language = languageOf(state);
  return (
    <aside class={`bar ${open ? 'open' : ''}`} aria-label="Behind the chat" data-testid="bar">
      <button
        type="button"
        class="bar-toggle"
        aria-expanded={open ? 'true' : 'false'}
        data-testid="bar-toggle"
        onClick={() => setOpen(!open)}
      >
        {timeline ? <span class={`status ${toneOfStatus(timeline.status)}`}>{tellStatus(timeline.status)}</span> : null}
        <span class="words">{timeline ? timeline.code : 'Behind the chat: what happens, and accidents'}</span>
        <span class="no-money">no real money</span>
        <Icon name="up" />
      </button>
      <section>
        <h2>{timeline ? titles[timeline.noun] : 'Order'}</h2>
        <div class="panel">
          {recent.length > 1 && (
            <select
              aria-label="What to follow"
              data-testid="timeline-select"
              style="margin-bottom:12px"
              value={chosen ?? ''}
              onChange={(event) => setChoice({ person: state.person, code: (event.currentTarget as HTMLSelectElement).value || undefined })}
            >
              <option value="">Newest</option>
              {recent.map(({ noun, code, status }) => (
                <option key={code} value={code}>
                  {titles[noun]} {code}, {tellStatus(status).toLowerCase()}
                </option>
              ))}
            </select>
          )}
          {timeline ? (
            <TimelineView timeline={timeline} language={language} />
          ) : (
            <p class="quiet">
              {problem ?? 'Nothing yet. Buy something or top up the wallet in the chat, and watch here what happens behind it.'}
            </p>
          )}
          {timeline && problem ? (
            <p class="bar-problem" role="status">
              {problem}
            </p>
          ) : null}
        </div>
      </section>
      <section>
        <h2>Make its life hard</h2>
        <div class="panel">
          <Faults toast={actions.toast} />
        </div>
      </section>
      <p class="bar-links">
        <a href="/nowpayments/pay" target="_blank" rel="noreferrer" data-testid="wallet-link">
          A wallet of coins
        </a>{' '}
        to pay addresses from. Sandbox, no real money: nothing here reaches Telegram, a bank, a card or a chain.
      </p>
    </aside>
  );
}

function TimelineView({ timeline, language }: { timeline: Timeline; language: string }) {
  return (
    <div data-testid="timeline" data-code={timeline.code} data-status={timeline.status}>
      <div class="order-top">
        <span class="order-code">{timeline.code}</span>
        <span class={`status ${toneOfStatus(timeline.status)}`} data-testid="timeline-status">
          {tellStatus(timeline.status)}
        </span>
      </div>
      <div class="order-facts">
        {timeline.total ? <span>{formatMoney(timeline.total.amount, timeline.total.currency, language)}</span> : null}
        <TimeLeft timeline={timeline} />
        {timeline.temporalUrl ? (
          <a href={timeline.temporalUrl} target="_blank" rel="noreferrer" data-testid="temporal-link">
            Its workflow in Temporal
          </a>
        ) : null}
      </div>
      <TimeLine timeline={timeline} />
      <ol class="timeline" aria-label="What happened">
        {timeline.steps.map((step, index) => (
          <li class="step" key={`${index}:${step.what}`} data-testid="step">
            <b>{tellStatus(step.what)}</b>
            <time dateTime={step.at}>{formatSecond(step.at, language)}</time>
            {step.detail ? <small>{step.detail}</small> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Redraws itself once a second while time runs. */
function useNow(running: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    if (!running) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return nowMs;
}

function TimeLeft({ timeline }: { timeline: Timeline }) {
  const nowMs = useNow(timeLeft(timeline, Date.now()) !== undefined);
  const left = timeLeft(timeline, nowMs);
  if (!left) return null;
  return (
    <span>
      {timeline.noun === 'order' ? 'Held for' : 'To be paid within'} <b data-testid="time-left">{formatCountdown(left.seconds)}</b>
    </span>
  );
}

function TimeLine({ timeline }: { timeline: Timeline }) {
  const nowMs = useNow(timeLeft(timeline, Date.now()) !== undefined);
  const left = timeLeft(timeline, nowMs);
  if (!left) return null;
  return (
    <div class="hold-line" aria-hidden="true">
      <i style={{ width: `${Math.round(left.part * 1000) / 10}%` }} />
    </div>
  );
}
