/** Catalogues as anybody may keep them, for properties. */
import fc from 'fast-check';
import { orderMethods } from '../../domain/payment.ts';

const awkward = fc.constantFrom(
  '=1+1',
  "'=x",
  '@home',
  '-5',
  'a;b',
  'a,b',
  '"q"',
  'Żółta łódź',
  'line\nbreak',
  '12,50',
  'a|b\\c',
  '👩‍👩‍👧',
);
const line = (max: number) =>
  fc
    .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), awkward)
    .filter((text) => text.trim() !== '' && !/\p{Cc}/u.test(text) && text.length <= max && text.isWellFormed());
const prose = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), awkward)
  .filter((text) => text.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(text));
export const sku = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.=+@-]{1,12}$/), fc.stringMatching(/^[A-Z]{1,3} [0-9]{1,3}$/));
const degrees = (most: number) =>
  fc.option(
    fc
      .double({ min: -most, max: most, noNaN: true })
      .map((value) => Number(value.toFixed(8)))
      .map((value) => value + 0),
  );

const product = fc.record({
  sku,
  title: line(200),
  description: prose,
  price: fc.integer({ min: 0, max: 10_000_000 }),
  discount_percent: fc.integer({ min: 0, max: 70 }),
  tax_percent: fc.integer({ min: 0, max: 10_000 }),
  stars_price: fc.option(fc.integer({ min: 0, max: 100_000 })),
  customer_limit: fc.option(fc.integer({ min: 1, max: 100 })),
  low_stock_at: fc.option(fc.integer({ min: 0, max: 9 })),
  methods: fc.subarray([...orderMethods]),
  active: fc.boolean(),
  position: fc.integer({ min: -9, max: 99 }),
  category: fc.option(line(100)),
  kind: fc.constant('digital'),
  stock_mode: fc.constant('unique'),
  pickup_point: fc.constant(null),
  variant_of: fc.constant(null),
  option_values: fc.constant(null),
  options: fc.constant(null),
  warranty_days: fc.option(fc.integer({ min: 1, max: 3_650 })),
  credit_amount: fc.constant(null),
  access_seconds: fc.constant(null),
  donation_minimum: fc.constant(null),
  donation_maximum: fc.constant(null),
  lessons: fc.constant([]),
  content_kind: fc.constantFrom('line', 'link'),
});
const lessons = fc.array(line(200), { maxLength: 4 });
const option = fc.record({ name: line(40), values: fc.uniqueArray(line(40), { minLength: 1, maxLength: 3 }) });
const options = fc.uniqueArray(option, { minLength: 1, maxLength: 2, selector: ({ name }) => name });
const pickupPoint = fc.record({
  sku,
  title: line(200),
  city: line(100),
  district: line(100),
  address: line(300),
  hours: line(200),
  latitude: degrees(90),
  longitude: degrees(180),
  instructions: prose,
});
const category = fc.record({ title: line(100), position: fc.integer({ min: -9, max: 99 }) });

const recordOf = <Record extends string, Values>(record: Record, values: fc.Arbitrary<Values>) =>
  values.map((all) => ({ record, values: all as Readonly<{ [field: string]: unknown }> }));
export const catalogueRecord = fc.oneof(
  recordOf('product', product),
  recordOf('pickup_point', pickupPoint),
  recordOf('category', category),
);

type Values = Readonly<Record<string, unknown>> & { readonly sku: string };

/** The same product as one of another kind. */
const kinds: readonly ((of: Values, titles: readonly string[]) => Values)[] = [
  (of) => of,
  (of) => ({ ...of, kind: 'credits', stock_mode: 'unlimited', credit_amount: 25 }),
  (of) => ({ ...of, kind: 'access', stock_mode: 'counter', access_seconds: 86_400 }),
  (of, titles) => ({ ...of, kind: 'course', stock_mode: 'unlimited', lessons: titles }),
  (of) => ({
    ...of,
    kind: 'donation',
    stock_mode: 'unlimited',
    discount_percent: 0,
    price: 500,
    donation_minimum: 100,
    donation_maximum: 9_900,
  }),
];

/** A few records of each kind, no two of one key; some products are collected at one of the points, the first has a variant. */
export const wholeCatalogue = fc
  .record({
    products: fc.uniqueArray(product, { selector: (one) => one.sku, maxLength: 9 }),
    points: fc.uniqueArray(pickupPoint, { selector: (one) => one.sku, maxLength: 3 }),
    categories: fc.uniqueArray(category, { selector: (one) => one.title, maxLength: 3 }),
    lessons,
    options,
  })
  .map(({ products, points, categories, ...more }) => ({
    points,
    categories,
    products: products.map((one, index): Values => {
      if (index === 0) return { ...one, options: more.options };
      if (index === 1) return { ...one, variant_of: products[0]?.sku, option_values: more.options.map(({ values }) => values[0]) };
      const point = points[index % 4];
      if (point === undefined) return (kinds[index % kinds.length] ?? ((of: Values) => of))(one, more.lessons);
      return { ...one, kind: 'pickup', stock_mode: index % 2 === 0 ? 'counter' : 'unlimited', pickup_point: point.sku };
    }),
  }));
