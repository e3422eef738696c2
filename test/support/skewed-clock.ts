/** Given with `--import` to a process: its main thread's clock is off by TILLFLOW_TEST_SKEW_MS. */
import { isMainThread } from 'node:worker_threads';

const skewMs = Number(process.env.TILLFLOW_TEST_SKEW_MS ?? 0);

if (isMainThread && skewMs !== 0) {
  const RealDate = Date;
  class SkewedDate extends RealDate {
    static override now(): number {
      return RealDate.now() + skewMs;
    }
    constructor(...values: [] | [number | string | Date]) {
      if (values.length === 0) super(SkewedDate.now());
      else super(...(values as [number]));
    }
  }
  globalThis.Date = SkewedDate as DateConstructor;
  // The proof that it is in force, for whoever reads the log.
  console.error(`clock off by ${skewMs} ms`);
}
