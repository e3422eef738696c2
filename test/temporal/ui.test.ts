/** Links into the Temporal UI lead to the workflow that really runs. */
import { expect, test } from 'vitest';
import { workflowUrl } from '../../temporal/ui.ts';

const ui = { uiUrl: 'http://127.0.0.1:8233', namespace: 'default' };
const behind = 'http://127.0.0.1:8233/namespaces/default/workflows/';

test('a deposit that came by a chain is found by its output, others by their codes', () => {
  const chainOutput = `btc:${'ab'.repeat(32)}:1`;
  expect(workflowUrl(ui, { noun: 'deposit', code: 'K7Q4MX2P', chainOutput })).toBe(`${behind}deposit%3Abtc%3A${'ab'.repeat(32)}%3A1`);
  expect(workflowUrl(ui, { noun: 'deposit', code: 'K7Q4MX2P', chainOutput: null })).toBe(`${behind}deposit%3AK7Q4MX2P`);
  expect(workflowUrl(ui, { noun: 'order', code: 'K7Q4MX2P', chainOutput: null })).toBe(`${behind}order%3AK7Q4MX2P`);
});
