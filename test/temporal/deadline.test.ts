import { WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import type { Door } from '../../temporal/client.ts';
import { answerInTime } from '../../temporal/deadline.ts';

/** A connection that minds no deadline: the commands here fail by themselves. */
const door = { connection: { withDeadline: (_: number, command: () => Promise<unknown>) => command() } } as unknown as Door;

function refusal(code: number, detail: string): Error {
  const metadata = { get: (name: string) => (name === 'grpc-status-details-bin' ? [Buffer.from(`type.googleapis.com/${detail}`)] : []) };
  return Object.assign(new Error(`${code}`), { code, metadata });
}

/** As grpc-js makes them. */
function serviceError(code: number): Error {
  return Object.assign(new Error(`${code}`), { code, details: '', metadata: { get: () => [] } });
}

/** Fails with each of these, then answers how often it was asked. */
function failing(...errors: Error[]): () => Promise<number> {
  let asked = 0;
  return async () => {
    const err = errors[asked++];
    if (err) throw err;
    return asked;
  };
}

const dropped = refusal(9, 'temporal.api.errordetails.v1.WorkflowNotReadyFailure');

it('gives a command again that the server dropped with its workflow task', async () => {
  expect(await answerInTime(door, 8_000, failing(dropped, new Error('wrapped', { cause: dropped })))).toBe(3);
});

it('gives a command again that the server says in words it dropped', async () => {
  const inWords = Object.assign(new Error('9'), {
    code: 9,
    details: 'Unable to perform workflow execution update due to Workflow Task failed',
  });
  const aborted = Object.assign(new Error('10'), { code: 10, details: 'workflow update was aborted by closing workflow' });
  expect(await answerInTime(door, 8_000, failing(inWords, new Error('wrapped', { cause: aborted })))).toBe(3);
});

it('gives a command again that the worker sent back unread', async () => {
  const unread = new WorkflowUpdateFailedError('update failed', ApplicationFailure.nonRetryable('not processed', 'UnprocessedUpdate'));
  const refused = new WorkflowUpdateFailedError('update failed', ApplicationFailure.nonRetryable('does not fit', 'BadInput'));
  expect(await answerInTime(door, 8_000, failing(unread))).toBe(2);
  await expect(answerInTime(door, 8_000, failing(refused))).rejects.toBe(refused);
});

it('gives a command again that the server gave up before its time, and answers later when that was all the time there is', async () => {
  const [cancelled, late] = [serviceError(1), new WorkflowUpdateRPCTimeoutOrCancelledError('gave up')];
  expect(await answerInTime(door, 8_000, failing(cancelled, late))).toBe(3);
  expect(await answerInTime(door, 40, failing(cancelled))).toEqual({ later: true });
});

it('answers later when the command is dropped until its deadline', async () => {
  expect(await answerInTime(door, 40, failing(dropped, dropped, dropped))).toEqual({ later: true });
});

it('does not give again what was refused for another reason', async () => {
  const refused = refusal(9, 'temporal.api.errordetails.v1.WorkflowExecutionAlreadyStartedFailure');
  await expect(answerInTime(door, 8_000, failing(refused))).rejects.toBe(refused);
});

it('answers later when the server is away, also after it dropped the command', async () => {
  expect(await answerInTime(door, 8_000, failing(dropped, refusal(14, '')))).toEqual({ later: true });
});
