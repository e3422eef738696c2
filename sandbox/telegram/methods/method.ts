import type { Call } from '../params.ts';
import type { Bot } from '../store.ts';
import type { World } from '../world.ts';

/** One Bot API method: reads its parameters, does its work at once, returns `result`. @throws BotApiError */
export type Method = (world: World, bot: Bot, call: Call) => unknown;
export type Methods = Readonly<Record<string, Method>>;
