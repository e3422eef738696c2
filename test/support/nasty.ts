/** One table of values that nobody should send and somebody will. Every door is tried with all of them. */

export interface Nasty {
  readonly name: string;
  readonly value: unknown;
}

const megabytes = (count: number) => 'x'.repeat(count * 1024 * 1024);

/** Values a text field may meet; they go where only text can: headers, addresses, options, chats. */
const texts: Readonly<Record<string, string>> = {
  empty: '',
  space: ' ',
  'no-break space': '\u00a0',
  newline: '\n',
  'carriage return and header': 'a\r\nX-Injected: 1',
  tab: '\t',
  NUL: '\u0000',
  'NUL inside': 'a\u0000b',
  escape: '\u001b[31mred\u001b[0m',
  'right to left': '\u202eevil\u202c',
  Arabic: 'مرحبا',
  '4-byte': '👩‍👩‍👧‍👦💳',
  'high surrogate alone': '\ud83d',
  'low surrogate alone': '\udca9',
  'combining marks': `Z${'\u0300'.repeat(200)}`,
  'byte order mark': '\ufeff1',
  'zero width': 'a\u200bb',
  'full-width digits': '１２３',
  'Arabic digits': '١٢٣',
  zero: '0',
  'minus zero': '-0',
  negative: '-1',
  'decimal comma': '1,5',
  'decimal point': '1.5',
  exponent: '1e21',
  'small exponent': '1e-7',
  hexadecimal: '0x10',
  octal: '0o17',
  'leading zeros': '007',
  'plus sign': '+1',
  'int4 and one': '2147483648',
  'safe integer and one': '9007199254740993',
  'int8 and one': '9223372036854775808',
  'forty digits': '9'.repeat(40),
  'NaN in words': 'NaN',
  'Infinity in words': 'Infinity',
  'true in words': 'true',
  'null in words': 'null',
  'undefined in words': 'undefined',
  __proto__: '__proto__',
  constructor: 'constructor',
  toString: 'toString',
  'SQL quote': "'",
  'SQL or': "' OR '1'='1",
  'SQL drop': '\'; DROP TABLE "order"; --',
  'SQL dollar': '$$;select pg_sleep(5);$$',
  'SQL like': '%_\\',
  HTML: '<script>alert(1)</script>',
  'HTML attribute': '"><img src=x onerror=alert(1)>',
  'HTML entity': '&lt;b&gt;&#0;',
  'JavaScript address': 'javascript:alert(1)',
  'path upwards': '../../etc/passwd',
  'path encoded': '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  'encoded NUL': '%00',
  'broken percent': '%E0%A4%A',
  template: ['$', '{7*7}{{7*7}}<%= 7*7 %>'].join(''),
  shell: '$(id);`id`|id',
  'format string': '%s%n%d',
  'JSON object': '{"$ne":null}',
  'JSON array': '[[[[]]]]',
  'option like': '--json',
  dash: '-',
  'very long': 'A'.repeat(70_000),
  'very long and wide': '💥'.repeat(20_000),
  '5 MB': megabytes(5),
};

/** Values only a typed field may meet: JSON bodies, updates, payloads of workflows. */
const typed: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  false: false,
  'the number 0': 0,
  'the number -0': -0,
  'the number -1': -1,
  'the number 1.5': 1.5,
  'the number 1e21': 1e21,
  'the number 1e-7': 1e-7,
  'the number 2^31': 2 ** 31,
  'the number 2^53 + 1': 2 ** 53 + 1,
  'the number 2^63': 2 ** 63,
  'the largest number': Number.MAX_VALUE,
  // JSON writes these as null; payloads of workflows too.
  'not a number': Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'empty array': [],
  'array of one': ['x'],
  'array of nothing': [null],
  'nested arrays': nest(100),
  'empty object': {},
  'operator of a query': { $ne: null },
  'operator that runs': { $where: 'sleep(1000)' },
  'own prototype key': JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  'object with a toString': { toString: 'x', valueOf: 1, length: 1e9 },
  'object with a then': JSON.parse('{"then":"x"}'),
  'many keys': Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index])),
};

function nest(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const listed = <Value>(table: Readonly<Record<string, Value>>) => Object.entries(table).map(([name, value]) => ({ name, value }));

export const nastyTexts: readonly { readonly name: string; readonly value: string }[] = listed(texts);
export const nastyValues: readonly Nasty[] = [...nastyTexts, ...listed(typed)];

/** Those that are not five megabytes: for doors that cost a transaction each. */
export const lighterValues: readonly Nasty[] = nastyValues.filter(({ name }) => name !== '5 MB');

/** What nobody but us may say, put beside what they may. */
export const assigned: Readonly<Record<string, unknown>> = {
  id: 1,
  shopId: 999_999,
  shop_id: 999_999,
  customerId: 999_999,
  customer_id: 999_999,
  role: 'owner',
  actor: 'cli',
  price: 1,
  total: 0,
  shownTotal: 0,
  amount: 1,
  status: 'paid',
  paidAt: '2020-01-01T00:00:00.000Z',
  balance: 1_000_000,
  discountPercent: 100,
  verdict: 'verified',
  outcome: 'applied',
  liveMode: true,
  bannedAt: null,
};
