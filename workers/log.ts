/** The log of a process: JSON lines on standard output, without tokens, keys or addresses that hold them. */
import { type Logger, pino, stdSerializers } from 'pino';
import { stripTokens } from '../gateways/telegram.ts';

/** Makes the log of the process `name`. */
export function createLog(name: string, level: string): Logger {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: tellError } });
}

/** An error with its causes; texts are cleaned, and nothing else of it is written: libraries hang requests and keys on their errors. */
function tellError(err: unknown): unknown {
  if (!(err instanceof Error)) return stripTokens(String(err));
  const { type, message, stack } = stdSerializers.err(err);
  const { kind, code, field } = err as { kind?: unknown; code?: unknown; field?: unknown };
  return {
    type,
    message: stripTokens(message),
    stack: stripTokens(stack),
    ...Object.fromEntries(
      Object.entries({ kind, code, field }).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
    ),
  };
}
