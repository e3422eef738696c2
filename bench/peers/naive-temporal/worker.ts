/** Its worker, with the options of the documentation's first page. Arguments: address, namespace, task queue, database, Bot API. */
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import pg from 'pg';
import { createBot } from '../telegram.ts';
import { createActivities } from './activities.ts';

const [address = '', namespace = '', taskQueue = '', databaseUrl = '', botApi = ''] = process.argv.slice(2);
Runtime.install({ logger: new DefaultLogger('WARN') });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  namespace,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities: createActivities(new pg.Pool({ connectionString: databaseUrl, max: 16 }), createBot(botApi)),
});
await worker.run();
process.exit();
