/** `npm run migration`: writes a migration for what entities and the last snapshot differ in. Review it before it is committed. */
import { readConfig } from '../config.ts';
import { openDatabase } from './orm.ts';

const orm = await openDatabase({ url: readConfig().ownerDatabaseUrl, poolSize: 1 });
const { fileName } = await orm.migrator.create();
console.log(fileName || 'The schema has not changed.');
await orm.close(true);
