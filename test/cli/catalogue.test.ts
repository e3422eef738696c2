/** `tillflow catalogue`: a file is taken over whole or not at all, and what goes out comes back the same. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { checkDatabase } from '../../db/check.ts';
import { Product } from '../../db/entities/product.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { columnNames, type RecordName, toJsonValue, writeRecord } from '../../domain/catalogue-file.ts';
import { openRecordWriter } from '../../cli/files/write.ts';
import { drawPicture } from '../../db/seed/picture.ts';
import { wholeCatalogue } from '../support/catalogues.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { makeTestShop, newCode, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

vi.mock('../../db/orm.ts', async (load) => (await import('../support/shared-database.ts')).shareDatabase(await load()));

let world: TestShop;
let folder: string;
let shops = 0;
let slug: string;

beforeAll(async () => {
  world = await makeTestShop();
  folder = await mkdtemp(join(tmpdir(), 'tillflow-catalogue-'));
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await world.close();
});
beforeEach(async () => {
  slug = await addShop();
});

async function addShop(currency = 'PLN'): Promise<string> {
  shops += 1;
  return (await createShop(world.db.em.fork(), world.secrets, { slug: `north-${shops}`, title: 'North', currency, actor: 'test' })).slug;
}

/** Writes a file and takes it over. */
async function take(name: string, content: string | Uint8Array, ...options: string[]) {
  const path = join(folder, name);
  await writeFile(path, content);
  return tillflow('catalogue', 'import', path, `--shop=${slug}`, ...options);
}

async function give(name: string, ...options: string[]): Promise<string> {
  const run = await tillflow('catalogue', 'export', join(folder, name), `--shop=${slug}`, ...options);
  expect([run.code, run.err]).toEqual([0, '']);
  return readFile(join(folder, name), 'utf8');
}

const productsOf = async (of = slug) =>
  (await world.db.em
    .fork()
    .execute(
      `select p.sku, p.title, p.price::int, p.discount_percent as discount, p.active from product p join shop s on s.id = p.shop_id where s.slug = ? order by p.sku`,
      [of],
    )) as { sku: string; title: string; price: number; discount: number; active: boolean }[];

const head = 'sku,kind,stock_mode,title,price';
const two = `${head}\nA-1,digital,unique,Key,12.50\nA-2,digital,unique,Other key,"99,90"\n`;

describe('a file', () => {
  test('becomes products, its categories come along, and the same file again changes nothing', async () => {
    const file = [
      'record;sku;title;kind;stock_mode;price;category;pickup_point;city;district;address;hours;latitude;description',
      'pickup_point;P1;Corner;;;;;;Warsaw;Center;ul. Chmielna 12;9-17;52,23325;',
      ';A-1;"Key ""gold""";digital;unique;12,50;Games;;;;;;;"Two\nlines; and a semicolon"',
      'product;A-2;Mug;pickup;counter;45;Home;P1;;;;;;',
    ].join('\r\n');
    const first = await take('one.csv', `\ufeff${file}`, '--json');
    expect([first.err, JSON.parse(first.out)]).toEqual([
      '',
      {
        shop: slug,
        imported: true,
        lines: 3,
        products: { created: 2, changed: 0, unchanged: 0, retired: 0 },
        categories: { created: 2, changed: 0, unchanged: 0 },
        pickupPoints: { created: 1, changed: 0, unchanged: 0 },
      },
    ]);
    const [row] = await world.db.em
      .fork()
      .execute(
        `select p.title, p.description, c.name as category, p.price, p.methods from product p join shop s on s.id = p.shop_id join category c on c.id = p.category_id where s.slug = ? and p.sku = 'A-1'`,
        [slug],
      );
    expect(row).toEqual({
      title: 'Key "gold"',
      description: 'Two\nlines; and a semicolon',
      category: 'Games',
      price: '1250',
      methods: ['stars'],
    });
    const again = JSON.parse((await take('one.csv', `\ufeff${file}`, '--json')).out);
    expect([again.products, again.pickupPoints]).toEqual([
      { created: 0, changed: 0, unchanged: 2, retired: 0 },
      { created: 0, changed: 0, unchanged: 1 },
    ]);
    const actions = await world.db.em
      .fork()
      .execute(
        `select a.action, a.subject, a.subject_id as id from audit a join shop s on s.id = a.shop_id where s.slug = ? and a.actor = 'cli' order by a.id`,
        [slug],
      );
    expect(actions.map(({ action, subject, id }: Record<string, string>) => `${action} ${subject} ${id}`)).toEqual([
      'create category Games',
      'create category Home',
      'create pickup_point P1',
      'create product A-1',
      'create product A-2',
      `import shop ${slug}`,
      `import shop ${slug}`,
    ]);
  });

  test('with one bad line leaves nothing, and tells every line, column and reason', async () => {
    const before = await takeFingerprint(world.db.em.fork());
    const run = await take(
      'bad.csv',
      `${head},discount_percent,pickup_point\nA-1,digital,unique,Key,12.50,,\nA-2,digital,unique,,"1,999",101,\nA-1,digital,unique,Twice,1,,\nA-3,pickup,counter,Mug,5,,nowhere\n,digital,unique,No key,1,,\nA-4,digital,unique,Much,1,80,\n`,
    );
    expect([run.code, run.out]).toEqual([2, '']);
    expect(
      run.err
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 60)),
    ).toEqual([
      'line 3, discount_percent: a whole number from 0 to 100 is ne',
      'line 3, price: an amount in PLN such as 12.50 is needed, wit',
      'line 3, title: is needed.',
      'line 4, sku: is that of line 2 too.',
      'line 5, pickup_point: is no pickup point of the shop or the ',
      'line 6, sku: 1 to 64 characters without spaces around them a',
      'line 7, discount_percent: 80 % off is much; add --sure if th',
      'Nothing was imported: 7 things do not fit.',
    ]);
    expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
    const json = await take('bad.csv', `${head}\nA-1,digital,unique,Key,x\n`, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ imported: false, faults: [{ line: 2, field: 'price' }] });
  });

  test('changes only what its columns say, and what differs', async () => {
    await take('two.csv', two);
    const run = JSON.parse((await take('prices.csv', 'sku,price,discount_percent\nA-1,12.50,0\nA-2,50,10\n', '--json')).out);
    expect(run.products).toEqual({ created: 0, changed: 1, unchanged: 1, retired: 0 });
    expect(await productsOf()).toEqual([
      { sku: 'A-1', title: 'Key', price: 1_250, discount: 0, active: true },
      { sku: 'A-2', title: 'Other key', price: 5_000, discount: 10, active: true },
    ]);
    const [entry] = await world.db.em.fork().execute(`select before, after from audit where action = 'change' order by id desc limit 1`);
    expect(entry).toEqual({ before: { price: 9_990, discount_percent: 0 }, after: { price: 5_000, discount_percent: 10 } });
    expect((await take('kind.csv', 'sku,kind\nA-1,pickup\n')).err).toMatch(/^line 2, kind: stays digital/);
  });

  test('takes off sale what it does not name only when told to, and most of the shop only when told twice', async () => {
    await take('two.csv', `${two}A-3,digital,unique,Third,1\nA-4,digital,unique,Fourth,1\n`);
    expect(JSON.parse((await take('one.csv', `${head}\nA-1,digital,unique,Key,12.50\n`, '--json')).out).products.retired).toBe(0);
    const asked = await take('one.csv', `${head}\nA-1,digital,unique,Key,12.50\n`, '--retire-missing');
    expect([asked.code, asked.err.split('\n')[0]]).toEqual([
      2,
      'retire-missing: 3 of 4 products would be taken off sale; add --sure if that is meant.',
    ]);
    const dry = await take('one.csv', `${head}\nA-1,digital,unique,Key,12.50\n`, '--retire-missing', '--sure', '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ imported: false, products: { retired: 3 } });
    expect((await productsOf()).every(({ active }) => active)).toBe(true);
    await take('one.csv', `${head}\nA-1,digital,unique,Key,12.50\n`, '--retire-missing', '--sure');
    expect((await productsOf()).filter(({ active }) => active).map(({ sku }) => sku)).toEqual(['A-1']);
  });

  test.each([
    ['latin.csv', Buffer.from(`${head}\nA,digital,unique,\xe9,1\n`, 'latin1'), 'file: it is not UTF-8'],
    ['sixteen.csv', Buffer.from(`\ufeff${two}`, 'utf16le'), 'file: it is not UTF-8'],
    ['quote.csv', `${head}\nA-1,digital,unique,"Key,1\n`, 'file: at line '],
    ['large.csv', `${head}\nA-1,digital,unique,"${'x'.repeat(3_000_000)}",1\n`, 'file: at line 2 it is no CSV: one record is larger'],
    ['column.csv', `${head},colour\nA-1,digital,unique,Key,1,red\n`, 'file: "colour" is no column'],
    ['twice.csv', `${head},price\nA-1,digital,unique,Key,1,1\n`, 'file: the column price is there twice'],
    ['empty.csv', '', 'file: it is empty'],
    ['cut.json', '[{"sku":"A-1"},{"sku":', 'file: after 1 records it is no JSON'],
    ['object.json', '{"sku":"A-1"}', 'file: after 0 records it is no JSON'],
    ['float.json', '[{"sku":"A-1","price":12.5}]', 'record 1, price: a number with decimals is written as a text'],
    ['shape.json', '[5]', 'record 1, record: is no object'],
    ['name.json', '[{"sku":"A-1","\\u0000x":1}]', 'record 1, \\u0000x: is no column'],
    ['proto.json', '[{"sku":"A-1","__proto__":{"kind":"digital"}}]', 'record 1, '],
    ['short.csv', `${head}\nA-1,digital\n`, 'line 2, '],
  ])('%s is refused and named', async (name, content, says) => {
    const run = await take(name, content);
    expect([run.code, run.out]).toEqual([2, '']);
    expect(run.err).toContain(says);
    expect(await productsOf()).toEqual([]);
  });

  test('that is not there, or of a format nobody knows, is refused', async () => {
    for (const [file, says] of [
      ['/nowhere/x.csv', 'file: there is no file'],
      [folder, 'file: its name'],
      ['x.xlsx', 'file: its name'],
    ] as const) {
      const run = await tillflow('catalogue', 'import', file, `--shop=${slug}`);
      expect([run.code, run.err.slice(0, says.length)]).toEqual([2, says]);
    }
  });
});

describe('variants and kinds', () => {
  const columns = 'sku,kind,stock_mode,title,price,variant_of,options,option_values,credit_amount,lessons';
  const shirt = `S,digital,unique,Shirt,10,,Size=S|M;Colour=Red|Blue,,,\n`;

  test('come with the product they are of, in any order of lines, and keep their place', async () => {
    const file = `${columns}\nS-1,digital,unique,"Shirt, S",11,S,,S|Red,,\n${shirt}C,course,unlimited,Course,5,,,,,Hello|Lists and \\| marks\n`;
    expect((await take('shirt.csv', file)).err).toBe('');
    const [row] = await world.db.em.fork().execute(
      `select v.option_values as values, s.options, (select array_agg(l.title order by l.position) from lesson l join product c on c.id = l.product_id and c.shop_id = v.shop_id) as lessons
         from product v join product s on s.id = v.variant_of join shop on shop.id = v.shop_id where shop.slug = ?`,
      [slug],
    );
    const options = [
      { name: 'Size', values: ['S', 'M'] },
      { name: 'Colour', values: ['Red', 'Blue'] },
    ];
    expect(row).toEqual({ values: ['S', 'Red'], options, lessons: ['Hello', 'Lists and | marks'] });
    expect(JSON.parse((await take('shirt.csv', file, '--json')).out).products.unchanged).toBe(3);
    const fewer = JSON.parse((await take('lessons.csv', 'sku,lessons\nC,Lists\n', '--json')).out);
    expect([fewer.products.changed, await give('course.csv')]).toEqual([1, expect.stringContaining(',Lists,')]);
  });

  test('that the file does not name still fit its options, or nothing changes', async () => {
    await take('shirt.csv', `${columns}\n${shirt}S-1,digital,unique,V,11,S,,S|Red,,\n`);
    const run = await take('options.csv', 'sku,options\nS,Size=M;Colour=Red\n');
    expect([run.code, run.err.split('\n')[0]]).toEqual([2, 'line 2, options: do not fit a variant that the file does not name.']);
    expect((await take('options.csv', 'sku,options\nS,Size=M|S;Colour=Red\n')).code).toBe(0);
  });

  test.each([
    ['of nothing', `S-1,digital,unique,V,1,nowhere,,S|Red,,`, 'variant_of: is no product'],
    ['of itself', `S-1,digital,unique,V,1,S-1,,S|Red,,`, 'variant_of: is no product'],
    ['without values', `${shirt}S-1,digital,unique,V,1,S,,,,`, 'option_values: are needed'],
    ['with values of no product', `S-1,digital,unique,V,1,,,S,,`, 'option_values: are of variants only'],
    ['with a value there is not', `${shirt}S-1,digital,unique,V,1,S,,XL|Red,,`, 'line 3, option_values: are not what the options'],
    ['with one value too few', `${shirt}S-1,digital,unique,V,1,S,,S,,`, 'line 3, option_values: are not what the options'],
    [
      'the same twice',
      `${shirt}S-1,digital,unique,V,1,S,,S|Red,,\nS-2,digital,unique,V,1,S,,S|Red,,`,
      'line 4, option_values: are those of line 3 too',
    ],
    ['of another kind', `${shirt}S-1,credits,unlimited,V,1,S,,S|Red,5,`, 'line 3, kind: is another than'],
    ['credits without a number', 'X,credits,unlimited,V,1,,,,,', 'credit_amount: is needed for credits'],
    ['a number of credits of a key', 'X,digital,unique,V,1,,,,5,', 'credit_amount: is of credits only'],
    ['unique credits', 'X,credits,unique,V,1,,,,5,', 'stock_mode: unique is no way to keep credits'],
    ['options of no form', 'X,digital,unique,V,1,,Size,,,', 'options: options such as'],
  ])('%s are refused by name', async (_what, lines, says) => {
    const before = await takeFingerprint(world.db.em.fork());
    const run = await take('misfit.csv', `${columns}\n${lines}\n`);
    expect([run.code, run.err]).toEqual([2, expect.stringContaining(says)]);
    expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
  });
});

describe('what goes out', () => {
  test('comes back the same in another shop, in both formats, and into its own changes nothing', async () => {
    const context = { currency: 'PLN' };
    await fc.assert(
      fc.asyncProperty(wholeCatalogue, fc.constantFrom('csv', 'json'), async ({ products, points, categories }, format) => {
        const of = await addShop();
        const to = await addShop();
        const path = join(folder, `property.${format}`);
        const columns = columnNames.filter((name) => name !== 'photos' && name !== 'content');
        const writer = openRecordWriter(path, {
          format: format as 'csv',
          columns,
          toJson: (cells, field) => toJsonValue(cells.record as RecordName, field, cells[field] ?? ''),
        });
        const records = [
          ...categories.map((values) => ['category', values] as const),
          ...points.map((values) => ['pickup_point', values] as const),
          ...products.map((values) => ['product', values] as const),
        ];
        for (const [record, values] of records) await writer.write(writeRecord(record, values, context));
        await writer.end();
        const made = await tillflow('catalogue', 'import', path, `--shop=${of}`);
        expect([made.code, made.err]).toEqual([0, '']);
        const given = join(folder, `given.${format}`);
        await tillflow('catalogue', 'export', given, `--shop=${of}`);
        const own = JSON.parse((await tillflow('catalogue', 'import', given, `--shop=${of}`, '--json')).out);
        expect([own.products.created, own.products.changed, own.categories.changed, own.pickupPoints.changed]).toEqual([0, 0, 0, 0]);
        await tillflow('catalogue', 'import', given, `--shop=${to}`);
        await tillflow('catalogue', 'export', join(folder, `back.${format}`), `--shop=${to}`);
        const sorted = async (name: string) => (await readFile(join(folder, name), 'utf8')).split(/,?\r?\n/).sort();
        expect(await sorted(`back.${format}`)).toEqual(await sorted(`given.${format}`));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 120_000);

  test('is carried out by no spreadsheet', async () => {
    await take(
      'formula.json',
      JSON.stringify([
        { sku: '=A1', kind: 'digital', stock_mode: 'unique', title: '=HYPERLINK("http://x")', price: '1.00', description: '+1' },
      ]),
    );
    const csv = await give('formula.csv');
    expect(csv.split('\r\n')[1]).toContain(`'=A1,digital,unique,"'=HYPERLINK(""http://x"")",'+1`);
    expect(JSON.parse((await take('formula.csv', csv, '--json')).out).products).toEqual({
      created: 0,
      changed: 0,
      unchanged: 1,
      retired: 0,
    });
  });

  test('has its photos beside it, the same picture stays the same photo, and nothing is read from elsewhere', async () => {
    const picture = drawPicture({ motif: 'cup', from: [1, 2, 3], to: [200, 2, 3], main: [0, 90, 3], accent: [1, 2, 90] });
    await writeFile(join(folder, 'cup.png'), picture);
    await writeFile(
      join(folder, 'cup.jpg'),
      await sharp(picture)
        .withExif({ IFD0: { Artist: 'Somebody' } })
        .jpeg()
        .toBuffer(),
    );
    const withPhotos = `${head},photos\nA-1,digital,unique,Key,1,cup.png\nA-2,digital,unique,Key,1,cup.jpg\n`;
    expect((await take('photos.csv', withPhotos)).err).toBe('');
    expect(JSON.parse((await take('photos.csv', withPhotos, '--json')).out).products.unchanged).toBe(2);
    const stored = await world.db.em
      .fork()
      .execute(
        `select ph.bytes from photo ph join product p on p.photo_id = ph.id join shop s on s.id = p.shop_id where s.slug = ? and p.sku = 'A-2'`,
        [slug],
      );
    expect(stored[0]?.bytes.includes('Somebody')).toBe(false);
    const csv = await give('with.csv', '--photos=album');
    expect(csv).toMatch(/album\/[0-9a-f]{32}\.png/);
    expect(JSON.parse((await take('with.csv', csv, '--json')).out).products.unchanged).toBe(2);
    await writeFile(join(folder, 'no.png'), 'no picture');
    for (const name of ['../../../../etc/passwd', '/etc/passwd', 'gone.png', 'no.png', 'photos.csv']) {
      const run = await take('photos.csv', `${head},photos\nA-1,digital,unique,Key,1,${name}\n`);
      expect([name, run.code, run.err.slice(0, 15)]).toEqual([name, 2, 'line 2, photos:']);
    }
  });

  test('has what every buyer gets only when asked, and it is sealed when it comes in', async () => {
    const secret = 'THE-ONE-SECRET';
    const file = `${head},content\nA-1,digital,unlimited,Book,1,${secret}\n`;
    const run = await take('content.csv', file, '--json');
    expect(run.out + run.err).not.toContain(secret);
    const [row] = await world.db.em
      .fork()
      .execute(
        `select p.id, p.content, (select string_agg(a::text, ' ') from audit a) as audit from product p join shop s on s.id = p.shop_id where s.slug = ?`,
        [slug],
      );
    expect(world.secrets.open({ table: 'product', column: 'content', id: Number(row?.id) }, row?.content)).toBe(secret);
    expect(row?.audit).not.toContain(secret);
    expect(JSON.parse((await take('content.csv', file, '--json')).out).products.unchanged).toBe(1);
    expect(await give('plain.csv')).not.toContain(secret);
    expect(await give('secret.csv', '--contents')).toContain(secret);
    expect((await take('none.csv', `${head}\nA-9,digital,unlimited,Book,1\n`)).err).toMatch(/^line 2, content: is needed/);
  });
});

test('an order that is open keeps its price and its goods when the product is changed and taken off sale', async () => {
  slug = world.shop.slug;
  const product = await world.addProduct({ price: 5_000 });
  const person = await world.addCustomer({ cash: 5_000 });
  const orderCode = newCode();
  const { open, cancel } = createOrderActivities({ db: world.db });
  const opened = await open({ orderCode, place: world.placing(person, product, { method: 'card' }), at: Date.now() });
  expect(opened).toMatchObject({ status: 'awaitingPayment' });
  const before = await world.one(
    `select o.total, l.price, l.title, (select count(*) from unit u where u.order_line_id = l.id) as held from "order" o join order_line l on l.order_id = o.id where o.code = ?`,
    [orderCode],
  );
  const { sku } = await world.db.em.fork().findOneOrFail(Product, { id: product.id });
  expect((await take('dear.csv', `sku,price,title,active\n${sku},999.00,Dear,no\n`)).err).toBe('');
  expect(
    await world.one(
      `select o.total, l.price, l.title, (select count(*) from unit u where u.order_line_id = l.id) as held from "order" o join order_line l on l.order_id = o.id where o.code = ?`,
      [orderCode],
    ),
  ).toEqual(before);
  expect(before).toMatchObject({ total: '5000', price: '5000', title: 'Key', held: '1' });
  expect(cancel).toBeDefined();
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
});

describe('a product by hand', () => {
  const product = (verb: string, ...args: string[]) => tillflow('product', verb, `--shop=${slug}`, ...args);

  test('is made, shown, changed and taken off sale, with an entry of the audit each', async () => {
    const made = await product('add', 'B-1', '--kind=digital', '--stock-mode=unique', '--title=Key', '--price=12,50', '--category=Games');
    expect([made.err, made.out]).toEqual(['', '1 product is made.\n']);
    expect(await product('add', 'B-1', '--kind=digital', '--stock-mode=unique', '--title=Key', '--price=1')).toMatchObject({
      code: 2,
      err: 'sku: there is a product "B-1" already.\n',
    });
    expect((await product('update', 'B-1', '--price=20.00', '--stars-price=900')).out).toBe('1 products are changed.\n');
    expect(JSON.parse((await product('show', 'B-1', '--json')).out)).toMatchObject({
      sku: 'B-1',
      price: '20.00',
      stars_price: '900',
      category: 'Games',
    });
    expect((await product('list')).out).toMatch(/B-1 +Key +digital +unique +20\.00/);
    expect((await product('retire', 'B-1')).code).toBe(0);
    expect((await productsOf())[0]).toMatchObject({ price: 2_000, active: false });
    const entries: { action: string }[] = await world.db.em
      .fork()
      .execute(`select action from audit a join shop s on s.id = a.shop_id where s.slug = ? and subject = 'product' order by a.id`, [slug]);
    expect(entries.map(({ action }) => action)).toEqual(['create', 'change', 'change']);
  });

  test('is refused by the names of its options, and a discount above 70 % is asked about once more', async () => {
    expect(await product('add', 'B-2', '--title=Key', '--price=1,999')).toMatchObject({ code: 2, err: expect.stringMatching(/^price: /m) });
    expect((await product('add', 'B-2', '--title=Key', '--price=1')).err).toMatch(
      /^kind: is needed for what is new\.\nstock-mode: is needed/,
    );
    expect(await product('update', 'nobody', '--price=1')).toMatchObject({ code: 1, err: 'sku: the shop has no product "nobody".\n' });
    await take('two.csv', two);
    expect((await product('discount', '80', 'A-1', 'A-2')).err).toBe(
      'discount-percent: 80 % off is much; add --sure if that is meant (A-1).\ndiscount-percent: 80 % off is much; add --sure if that is meant (A-2).\n',
    );
    expect((await productsOf()).map(({ discount }) => discount)).toEqual([0, 0]);
    expect((await product('discount', '80', 'A-1', 'A-2', '--sure')).code).toBe(0);
    expect((await productsOf()).map(({ discount }) => discount)).toEqual([80, 80]);
  });
});
