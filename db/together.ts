/** Many small questions as one statement: what is asked while an answer is on its way goes out together when it is there. */
import DataLoader from 'dataloader';

/** Questions of one statement at most. */
const most = 64;
/** How long questions wait for those before them, ms. One that waits for a lock holds up the next ones no longer. */
const patienceMs = 20;

/**
 * Asks alone when nothing is on its way, so that nobody waits for company. Answers are in the order of the questions. What fails together is
 * asked again one by one, so that nobody fails for another: `ask` must be one that may be repeated.
 */
export function together<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let onItsWay: Promise<unknown> = Promise.resolve();

  const askEach = (questions: readonly Question[]) =>
    Promise.all(questions.map((question) => ask([question]).then(([answer]) => answer as Answer, toError)));

  const loader = new DataLoader<Question, Answer>(
    async (questions) => {
      const answers = ask(questions);
      onItsWay = settledOrLate(answers);
      if (questions.length === 1) return answers;
      return answers.catch(() => askEach(questions));
    },
    { cache: false, maxBatchSize: most, batchScheduleFn: (dispatch) => void onItsWay.then(dispatch) },
  );
  return (question) => loader.load(question);
}

function toError(err: unknown): Error {
  return err instanceof Error ? err : new Error(String(err));
}

/** Never fails. */
function settledOrLate(work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, patienceMs);
    const settled = () => {
      clearTimeout(late);
      resolve();
    };
    work.then(settled, settled);
  });
}
