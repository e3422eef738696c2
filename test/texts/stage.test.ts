import { expect, test } from 'vitest';
import { languages } from '../../domain/language.ts';
import { textsOf } from '../../texts/bundle.ts';
import { stageScreen } from '../../texts/screens/stage.ts';

const quote = {
  productId: 1,
  basePrice: 5_000,
  discountPercent: 20,
  price: 4_000,
  codeDiscount: 0,
  starsPrice: 2_000,
  codeStars: 0,
  methods: ['stars', 'card'],
};
const shown = { title: '<b>&', description: 'مرحبا ‮txt', label: 'Key', photoUrl: null, startParameter: 'stage_a', botUsername: 'shop_bot' };

test.each(languages)(
  'a stage in %s shows its price in Stars, struck through where it is less, and one button, which is a link',
  (language) => {
    const product = { quote: quote as never, baseStars: 2_500, currency: 'PLN' };
    const screen = stageScreen(textsOf(language), { ...shown, product });
    const struck = screen.entities
      .filter(({ type }) => type === 'strikethrough')
      .map(({ offset, length }) => screen.text.slice(offset, offset + length));
    expect(struck).toEqual([expect.stringMatching(/2.?500.⭐/)]);
    expect(screen.text).toMatch(/2.?000.⭐, -20%/);
    expect(screen.text).not.toContain('PLN');
    expect(screen.keyboard?.inline_keyboard).toEqual([
      [{ text: expect.stringMatching(/\p{L}/u), url: 'https://t.me/shop_bot?start=stage_a' }],
    ]);
    expect(screen).not.toHaveProperty('previewUrl');
    // No longer sold for Stars: what it costs otherwise.
    const otherwise = stageScreen(textsOf(language), {
      ...shown,
      product: { ...product, quote: { ...quote, starsPrice: null } as never, baseStars: null },
    });
    expect(otherwise.text).toMatch(/40[.,]00/);
  },
);
