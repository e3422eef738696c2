/** `npm start`: the whole shop, in a process that holds no more than watching it takes. `tillflow start` does the same. */
import { ConfigError, readConfig } from '../config.ts';
import { StackError } from './stack-error.ts';
import { startStack } from './stack.ts';

try {
  const stack = await startStack(readConfig());
  process.exitCode = await stack.closed;
} catch (err) {
  const { message, stack = message } = err instanceof Error ? err : new Error(String(err));
  process.stderr.write(`${err instanceof ConfigError || err instanceof StackError ? message : stack}\n`);
  process.exitCode = err instanceof ConfigError ? 2 : 1;
}
process.exit();
