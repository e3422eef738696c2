import { type Activities, createActivities as create } from '../../activities/index.ts';
import type { ActivityContext } from '../../activities/context.ts';
import { dieAt } from './kill-point.ts';

export type { Activities };

/** The product's activities, each of which may be the last thing the process does. */
export function createActivities(context: ActivityContext): Activities {
  const wrapped = Object.entries(create(context)).map(([name, activity]) => [
    name,
    async (input: never) => {
      dieAt(`before:${name}`);
      const answer = await (activity as (input: never) => Promise<unknown>)(input);
      dieAt(`after:${name}`);
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped) as Activities;
}
