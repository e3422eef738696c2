/** @jsxImportSource hono/jsx/dom */
/** Accidents on demand: dead workers, lost and repeated webhooks, a short hold. Each button says what it did and when it is over. */
import { useEffect, useState } from 'hono/jsx/dom';
import { areWorkersBack, workerPids } from './bar-state.ts';
import { client, type FaultOrder } from './client.ts';

const shortHoldSeconds = 30;
const usualHoldSeconds = 15 * 60;
/** The supervisor brings a killed worker back after this long. */
const comesBackSeconds = 5;
const giveUpSeconds = 40;
/** How long a problem stands on the button. */
const problemSeconds = 5;

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export function Faults({ toast }: { toast(words: string): void }) {
  return (
    <div class="faults">
      <KillWorkers />
      <ShortHold toast={toast} />
      <WebhookFault
        testId="lose-webhook"
        title="Lose the next webhook"
        usual="It comes again later"
        armed="The next one gets lost"
        fault={{ target: 'webhook', kind: 'lose', method: 'stripe', times: 1 }}
        toast={toast}
      />
      <WebhookFault
        testId="repeat-webhook"
        title="Send it five times"
        usual="All at the same moment"
        armed="The next one comes five times"
        fault={{ target: 'webhook', kind: 'duplicate', method: 'stripe', times: 5 }}
        toast={toast}
      />
    </div>
  );
}

const usualWords = 'They come back by themselves';

function KillWorkers() {
  const [stage, setStage] = useState<'alive' | 'dead' | 'back' | 'problem'>('alive');
  const [words, setWords] = useState(usualWords);
  const kill = async () => {
    setStage('dead');
    setWords('Killing …');
    try {
      const before = workerPids(await client.children());
      await client.killWorkers();
      const killedAt = Date.now();
      for (;;) {
        const gone = (Date.now() - killedAt) / 1000;
        if (gone > giveUpSeconds) throw new Error('They are not back yet. See the log of the worker.');
        const left = Math.ceil(comesBackSeconds - gone);
        setWords(left > 0 ? `Dead. Back in ${left} s …` : 'Starting again …');
        await wait(0.5);
        if (areWorkersBack(await client.children(), before)) break;
      }
      setStage('back');
      setWords('Back, and going on');
      await wait(4);
      setStage('alive');
      setWords(usualWords);
    } catch (error) {
      setStage('problem');
      setWords(wordsOf(error));
      await wait(problemSeconds);
      setStage('alive');
      setWords(usualWords);
    }
  };
  return (
    <button
      type="button"
      class={`fault danger ${stage === 'dead' || stage === 'back' ? 'armed' : ''} ${stage === 'problem' ? 'out-of-order' : ''}`}
      data-testid="kill-workers"
      data-stage={stage}
      disabled={stage === 'dead' || stage === 'problem'}
      onClick={() => void kill()}
    >
      <b>Kill the workers</b>
      <small aria-live="polite">{words}</small>
    </button>
  );
}

interface WebhookFaultProps {
  testId: string;
  title: string;
  usual: string;
  armed: string;
  fault: FaultOrder;
  toast(words: string): void;
}

function WebhookFault({ testId, title, usual, armed, fault, toast }: WebhookFaultProps) {
  const [waiting, setWaiting] = useState(false);
  // Once armed, look every two seconds whether it has struck.
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(async () => {
      const faults = await client.faults().catch(() => undefined);
      if (faults && !faults.some((one) => one.target === fault.target && one.kind === fault.kind)) {
        setWaiting(false);
        toast(fault.kind === 'lose' ? 'A webhook was lost. It comes again.' : 'A webhook was sent five times.');
      }
    }, 2000);
    return () => clearInterval(timer);
  }, [waiting]);
  const arm = async () => {
    try {
      await client.fault(fault);
      setWaiting(true);
    } catch (error) {
      toast(wordsOf(error));
    }
  };
  return (
    <button type="button" class={`fault ${waiting ? 'armed' : ''}`} data-testid={testId} disabled={waiting} onClick={() => void arm()}>
      <b>{title}</b>
      <small aria-live="polite">{waiting ? armed : usual}</small>
    </button>
  );
}

function tellLength(seconds: number): string {
  return seconds < 60 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

function ShortHold({ toast }: { toast(words: string): void }) {
  const [holdSeconds, setHoldSeconds] = useState<number | undefined>(undefined);
  useEffect(() => {
    client
      .hold()
      .then((answer) => setHoldSeconds(answer.holdSeconds))
      .catch(() => undefined);
  }, []);
  const short = holdSeconds === shortHoldSeconds;
  const toggle = async () => {
    try {
      const answer = await client.setHold(short ? usualHoldSeconds : shortHoldSeconds);
      setHoldSeconds(answer.holdSeconds);
    } catch (error) {
      toast(wordsOf(error));
    }
  };
  const now = holdSeconds === undefined ? 'For the next orders' : short ? 'On, for the next orders' : `Now ${tellLength(holdSeconds)}`;
  return (
    <button type="button" class="fault" data-testid="short-hold" aria-pressed={short ? 'true' : 'false'} onClick={() => void toggle()}>
      <b>30-second hold</b>
      <small aria-live="polite">{now}</small>
    </button>
  );
}
