/** @jsxImportSource hono/jsx/dom */
/** Refusals and failures in words, with what can be done about them. */
import { ApiError } from './api.ts';
import { useApp } from './app-context.ts';
import { Nothing } from './parts.tsx';
import type { Texts } from './texts.ts';

/** The pair of texts that tells a failure: `app-<name>` and `app-<name>-text`. */
export function nameOfProblem(problem: unknown): string {
  if (!(problem instanceof ApiError)) return 'broken';
  if (problem.status === 0) return 'offline';
  if (problem.status === 401) return 'session';
  if (problem.reason === 'UnknownCustomer') return 'not-met';
  if (problem.reason === 'CustomerBanned') return 'banned';
  if (problem.status === 429) return 'slow-down';
  return problem.status === 404 ? 'gone' : 'broken';
}

/** The chat's own words for refusals that are named otherwise than their text. */
const refusalIds: Readonly<Record<string, string>> = {
  CodeUnknown: 'code-unknown',
  TooManyTries: 'code-tooMany',
  TooManyGifts: 'gift-too-many',
  VoucherUnknown: 'voucher-unknown',
  VoucherOver: 'voucher-over',
  VoucherClaimed: 'voucher-claimed',
  VoucherOwn: 'voucher-own',
  InStock: 'stock-watch-in-stock',
  TooManyWatches: 'stock-watch-too-many',
  UnknownClaim: 'claim-rejected-UnknownClaim',
  WarrantyOver: 'claim-rejected-WarrantyOver',
  AlreadyJudged: 'claim-rejected-AlreadyJudged',
};

/** One sentence for what a call about money or goods was refused with. */
export function sayProblem(texts: Texts, problem: unknown): string {
  if (problem instanceof ApiError) {
    if (problem.reason === 'PriceChanged') return texts.say('app-price-changed');
    if (problem.status === 0 || problem.status >= 500) return texts.say('app-later');
    const id = refusalIds[problem.reason ?? ''] ?? `rejection-${problem.reason}`;
    if (texts.has(id)) return texts.say(id);
  }
  return texts.say(`app-${nameOfProblem(problem)}-text`);
}

export function Failure({ problem, retry }: { problem: unknown; retry: () => void }) {
  const { texts } = useApp();
  const name = nameOfProblem(problem);
  return (
    <div role="alert">
      <Nothing
        icon="close"
        title={texts.say(`app-${name}`)}
        words={texts.say(`app-${name}-text`)}
        act={texts.say('app-retry')}
        press={retry}
      />
    </div>
  );
}
