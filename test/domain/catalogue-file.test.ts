import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount, guardCell, joinList, openCell, splitList } from '../../domain/cell.ts';
import {
  columnsOfRecord,
  fromJsonValue,
  readRecord,
  type RecordName,
  recordNames,
  toJsonValue,
  writeRecord,
} from '../../domain/catalogue-file.ts';
import { nastyTexts } from '../support/nasty.ts';
import { catalogueRecord } from '../support/catalogues.ts';

const euro = { currency: 'EUR' };

describe('a cell', () => {
  test('begins with no sign of a formula, and is read back as it was', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.stringMatching(/^'{0,3}[=+\-@\t\r＝]?[\s\S]{0,5}$/),
      fc.constantFrom(...nastyTexts.map(({ value }) => value)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const guarded = guardCell(text);
        expect(openCell(guarded)).toBe(text);
        if (!/^-?\d+(\.\d+)?$/.test(guarded)) expect(guarded).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 500 },
    );
  });

  test('holds a list of any texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (parts) => {
        expect(splitList(joinList(parts))).toEqual(parts);
      }),
    );
  });

  test.each([
    ['12,50', 'EUR', 1_250],
    ['12.50', 'EUR', 1_250],
    ['12.5', 'EUR', 1_250],
    ['12', 'JPY', 12],
    ['1,250', 'KWD', 1_250],
  ])('%s is an amount in %s', (text, currency, minor) => {
    expect(amount().read(text, { currency })).toBe(minor);
  });

  test.each([
    ['1,250', 'EUR'],
    ['1.250,00', 'EUR'],
    ['1 250,00', 'EUR'],
    ['12,50 ', 'EUR'],
    ['€12.50', 'EUR'],
    ['-1.00', 'EUR'],
    ['1e3', 'EUR'],
    ['12.5', 'JPY'],
    ['１２', 'EUR'],
    ['99999999999999', 'EUR'],
    ['', 'EUR'],
  ])('%s is no amount in %s', (text, currency) => {
    expect(() => amount().read(text, { currency })).toThrow(/an amount in/);
  });
});

describe('a record', () => {
  test('is written and read back the same, as cells and as JSON', () => {
    fc.assert(
      fc.property(catalogueRecord, ({ record, values }) => {
        const cells = writeRecord(record, values, euro);
        expect(readRecord(cells, euro)).toEqual({ record, key: values[record === 'category' ? 'title' : 'sku'], values, faults: [] });
        const json = JSON.parse(
          JSON.stringify(Object.fromEntries(Object.entries(cells).map(([field, text]) => [field, toJsonValue(record, field, text)]))),
        );
        expect(Object.fromEntries(Object.entries(json).map(([field, value]) => [field, fromJsonValue(field, value)]))).toEqual(cells);
      }),
    );
  });

  test('tells every column that does not fit, by name', () => {
    const { faults } = readRecord(
      { sku: ' a', title: '', price: '1,999', discount_percent: '101', methods: 'card|card', active: 'maybe', city: 'Warsaw' },
      euro,
    );
    expect(faults.map(({ field }) => field).sort()).toEqual(['active', 'city', 'discount_percent', 'methods', 'price', 'sku', 'title']);
    expect(readRecord({ record: 'basket' }, euro).faults).toEqual([
      { field: 'record', why: 'one of category, pickup_point, product is needed' },
    ]);
  });

  test.each(recordNames.flatMap((record) => Object.keys(columnsOfRecord[record]).map((field) => [record, field] as [RecordName, string])))(
    '%s: nonsense in %s is a fault of it or a value that is written the same',
    (record, field) => {
      const columns = columnsOfRecord[record];
      for (const { value } of nastyTexts) {
        const { values, faults } = readRecord({ record, [field]: value }, euro);
        const own = faults.filter((fault) => fault.field === field);
        if (own.length > 0) expect(own[0]?.why.length).toBeLessThan(300);
        else expect(columns[field]?.cell.read(columns[field].cell.write(values[field], euro), euro)).toEqual(values[field]);
      }
    },
  );
});
