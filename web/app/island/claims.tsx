/** @jsxImportSource hono/jsx/dom */
/** Something of an order is faulty: which piece, what is wrong with it, and what the shop makes of it. */
import { useState } from 'hono/jsx/dom';
import { forget, useApp, useLoad, useMainButton, useOnce } from './app-context.ts';
import { Bones, Heading, Nothing } from './parts.tsx';
import { Failure, sayProblem } from './problem.tsx';
import { confirm } from './telegram.ts';
import type { Texts } from './texts.ts';
import type { ClaimsAnswer } from './wire.ts';

type Claim = ClaimsAnswer['claims'][number];
type Piece = ClaimsAnswer['pieces'][number];

export function Claims({ code }: { code: string }) {
  const { api } = useApp();
  const { data, problem, reload, set } = useLoad<ClaimsAnswer>(`claims:${code}`, () => api.claims(code));
  if (data) return <Told code={code} claims={data} set={set} />;
  return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="block" count={2} />;
}

const sayPiece = (texts: Texts, { title, piece }: Pick<Piece, 'title' | 'piece'>) =>
  piece === null ? title : texts.say('claim-piece', { title, piece });
const keyOf = ({ lineId, unitId }: Piece) => `${lineId}:${unitId}`;

function Told({ code, claims: { pieces, claims }, set }: { code: string; claims: ClaimsAnswer; set(claims: ClaimsAnswer): void }) {
  const { texts, api, feel, toast, telegram } = useApp();
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [words, setWords] = useState('');
  const [refusal, setRefusal] = useState<string | undefined>(undefined);
  const piece = pieces.length === 1 ? pieces[0] : pieces.find((one) => keyOf(one) === chosen);
  const told = (next: ClaimsAnswer) => {
    forget(`order:${code}`);
    feel('success');
    set(next);
  };
  const send = useOnce(async () => {
    if (!piece) return;
    setRefusal(undefined);
    try {
      told(await api.claim(code, { lineId: piece.lineId, unitId: piece.unitId, description: words.trim() }));
      setWords('');
      scrollTo(0, 0);
    } catch (err) {
      feel('error');
      setRefusal(sayProblem(texts, err));
    }
  });
  const withdraw = useOnce(async (id: number) => {
    if (!(await confirm(telegram, texts.say('app-claim-sure')))) return;
    try {
      told(await api.withdrawClaim(code, id));
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  useMainButton(
    pieces.length === 0
      ? undefined
      : {
          text: texts.say('app-claim-send'),
          press: () => send.run(),
          isActive: piece !== undefined && words.trim() !== '',
          isBusy: send.isBusy,
        },
  );
  if (pieces.length === 0 && claims.length === 0) {
    return <Nothing icon="orders" title={texts.say('claim-title')} words={texts.say('claim-none')} />;
  }
  return (
    <>
      <Heading>{texts.say('claim-title')}</Heading>
      {claims.map((claim) => (
        <Made key={String(claim.id)} claim={claim} isBusy={withdraw.isBusy} withdraw={() => withdraw.run(claim.id)} />
      ))}
      {pieces.length < 2 ? null : (
        <fieldset class="sheet options" disabled={send.isBusy}>
          <legend>{texts.say('claim-which')}</legend>
          {pieces.map((one) => (
            <label key={keyOf(one)} class="option" data-testid="claim-piece">
              <input type="radio" name="piece" value={keyOf(one)} checked={one === piece} onChange={() => setChosen(keyOf(one))} />
              <span class="option-words">{sayPiece(texts, one)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {pieces.length === 0 ? null : (
        <section class="sheet">
          {pieces.length === 1 && piece ? <h2>{sayPiece(texts, piece)}</h2> : null}
          <label class="field">
            <span>{texts.say('app-claim-what')}</span>
            <span class="field-box">
              <textarea
                rows={4}
                maxLength={2_000}
                value={words}
                aria-describedby="refusal-of-claim"
                data-testid="words-of-claim"
                onInput={(event) => setWords((event.currentTarget as HTMLTextAreaElement).value)}
              />
            </span>
          </label>
          <p id="refusal-of-claim" class="bad-words" role="alert">
            {refusal}
          </p>
        </section>
      )}
    </>
  );
}

/** What stands in the chat's words, but for what is said to somebody in the chat. */
const statusIds: Readonly<Record<Claim['status'], string>> = {
  asked: 'app-claim-open',
  open: 'app-claim-open',
  replaced: 'app-claim-replaced',
  refunded: 'claim-refunded',
  refused: 'claim-refused',
  withdrawn: 'claim-withdrawn',
};

function Made({ claim, isBusy, withdraw }: { claim: Claim; isBusy: boolean; withdraw(): void }) {
  const { texts } = useApp();
  const { status, reason, description, openedAt, canWithdraw } = claim;
  return (
    <section class="sheet" data-testid="claim" data-status={status}>
      <h2>{sayPiece(texts, claim)}</h2>
      <p role="status">{texts.say(statusIds[status])}</p>
      {reason === null ? null : <p>{texts.say(`claim-reason-${reason}`)}</p>}
      <blockquote class="soft prose">{description}</blockquote>
      {openedAt === null ? null : <p class="soft">{texts.time(openedAt)}</p>}
      {canWithdraw ? (
        <button type="button" class="soft-button wide" disabled={isBusy} data-testid="claim-withdraw" onClick={withdraw}>
          {texts.say('claim-withdraw')}
        </button>
      ) : null}
    </section>
  );
}
