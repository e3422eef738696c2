/**
 * Given with `--import` to a worker process, and so to the thread its workflows run in. There the SDK asks much of Node that a workflow of
 * ours never needs: a watching thread for every call into it, and the place of every promise for the UI's call stack; together a fifth of
 * what an order costs. Both are left out here. What the watching was for is done by one pulse for all calls (workflow-pulse.ts): a workflow
 * that never returns ends the process, and the next one runs with the SDK's own guard, which fails that workflow alone.
 */
import { promiseHooks } from 'node:v8';
import { Script } from 'node:vm';
import { getEnvironmentData, isMainThread } from 'node:worker_threads';
import { isPulse, pulseEveryMs, pulseKey } from './workflow-pulse.ts';

const pulse: unknown = isMainThread ? undefined : getEnvironmentData(pulseKey);

if (isPulse(pulse)) {
  const beats = new Int32Array(pulse.beats);
  setInterval(() => Atomics.add(beats, 0, 1), pulseEveryMs).unref();
  promiseHooks.createHook = () => () => undefined;
  if (!pulse.guarded) {
    const { runInContext } = Script.prototype;
    Script.prototype.runInContext = function runWithoutWatching(context, { timeout, ...options } = {}) {
      return runInContext.call(this, context, options);
    };
  }
}
