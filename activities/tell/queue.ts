/** Work of one order in turn, within this process; work of different orders side by side. */
export function createQueue() {
  const tails = new Map<string, Promise<unknown>>();
  return async <Result>(orderCode: string, work: () => Promise<Result>): Promise<Result> => {
    const before = tails.get(orderCode) ?? Promise.resolve();
    const mine = before.then(work, work);
    tails.set(orderCode, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(orderCode) === mine) tails.delete(orderCode);
    }
  };
}
