/** What the demo shop sells. Prices in minor units of PLN. */
import type { MethodName } from '../../domain/payment.ts';
import type { Content } from '../../domain/content.ts';
import type { ProductKind, ProductOption } from '../../domain/product.ts';
import type { Picture } from './picture.ts';

export interface DemoPoint {
  readonly name: string;
  readonly city: string;
  readonly district: string;
  readonly address: string;
  readonly hours: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly instructions: string;
  readonly picture: Picture;
}

export type DemoStock =
  | { readonly mode: 'unique'; readonly contents: readonly string[] }
  | { readonly mode: 'counter'; readonly count: number }
  | { readonly mode: 'unlimited' };

export interface DemoProduct {
  readonly kind: ProductKind;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  /** Name of its pickup point. */
  readonly point?: string;
  readonly picture?: Picture;
  readonly price: number;
  readonly discountPercent?: number;
  readonly taxRate: number;
  readonly starsPrice?: number;
  readonly customerLimit?: number;
  readonly methods: readonly MethodName[];
  readonly stock: DemoStock;
  /** What every buyer of an unlimited digital product gets. */
  readonly content?: string | Content;
  /** Further pictures: an album. */
  readonly album?: readonly Picture[];
  readonly warrantyDays?: number;
  readonly creditAmount?: number;
  readonly accessSeconds?: number;
  readonly donationMinimum?: number;
  readonly donationMaximum?: number;
  readonly lessons?: readonly string[];
  readonly options?: readonly ProductOption[];
  /** What is sold for it: everything else is as the product has it. */
  readonly variants?: readonly {
    readonly values: readonly string[];
    readonly price: number;
    readonly count: number;
    readonly picture?: Picture;
  }[];
}

export const demoPoints: readonly DemoPoint[] = [
  {
    name: 'Corner shop at Chmielna',
    city: 'Warsaw',
    district: 'Center',
    address: 'ul. Chmielna 12, 00-020 Warszawa',
    hours: 'Mon-Sat 9:00-20:00',
    latitude: 52.23325,
    longitude: 21.01601,
    instructions: 'Ring the blue bell beside the door and show your code.',
    picture: { motif: 'storefront', from: [255, 214, 165], to: [255, 241, 222], main: [214, 93, 80], accent: [70, 130, 150] },
  },
  {
    name: 'Praga workshop',
    city: 'Warsaw',
    district: 'Praga',
    address: 'ul. Ząbkowska 27/31, 03-736 Warszawa',
    hours: 'Tue-Sun 11:00-19:00',
    latitude: 52.25292,
    longitude: 21.04513,
    instructions: 'Second courtyard, the green door on the left.',
    picture: { motif: 'storefront', from: [178, 208, 232], to: [233, 242, 248], main: [88, 129, 105], accent: [226, 164, 88] },
  },
  {
    name: 'Old Town kiosk',
    city: 'Kraków',
    district: 'Old Town',
    address: 'ul. Sławkowska 8, 31-014 Kraków',
    hours: 'Every day 10:00-18:00',
    latitude: 50.06329,
    longitude: 19.93772,
    instructions: 'The kiosk under the arch. Have your code ready.',
    picture: { motif: 'storefront', from: [222, 200, 230], to: [246, 238, 248], main: [110, 92, 160], accent: [230, 170, 120] },
  },
  {
    name: 'Record cellar',
    city: 'Kraków',
    district: 'Kazimierz',
    address: 'ul. Józefa 20, 31-056 Kraków',
    hours: 'Wed-Sun 12:00-21:00',
    latitude: 50.05037,
    longitude: 19.94589,
    instructions: 'Down the stairs, mind your head. Ask for Zofia.',
    picture: { motif: 'storefront', from: [176, 222, 214], to: [236, 247, 243], main: [52, 120, 125], accent: [236, 150, 110] },
  },
];

const shirt = (main: Picture['main']): Picture => ({
  motif: 'shirt',
  from: [206, 214, 232],
  to: [242, 244, 250],
  main,
  accent: [244, 206, 96],
});
const blackShirt = shirt([60, 62, 78]);
const whiteShirt = shirt([244, 242, 236]);

const keys = (prefix: string, count: number): string[] =>
  Array.from(
    { length: count },
    (_, index) =>
      `${prefix}-${String(7919 * (index + 17)).padStart(6, '0')}-${String((104_729 * (index + 3)) % 1_000_000).padStart(6, '0')}`,
  );

export const demoProducts: readonly DemoProduct[] = [
  {
    kind: 'pickup',
    title: 'Espresso beans, 1 kg',
    description: 'Roasted on Monday, dark and sweet. Whole beans in a paper bag.',
    category: 'Coffee and home',
    point: 'Corner shop at Chmielna',
    picture: { motif: 'cup', from: [255, 222, 180], to: [255, 244, 228], main: [140, 84, 60], accent: [238, 190, 120] },
    price: 10_000,
    discountPercent: 20,
    taxRate: 500,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'counter', count: 40 },
  },
  {
    kind: 'pickup',
    title: 'Handmade mug',
    description: 'Stoneware, 300 ml. No two are alike.',
    category: 'Coffee and home',
    point: 'Praga workshop',
    picture: { motif: 'cup', from: [196, 222, 234], to: [240, 247, 250], main: [66, 122, 148], accent: [244, 236, 220] },
    price: 4_500,
    taxRate: 2_300,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'counter', count: 12 },
  },
  {
    kind: 'pickup',
    title: 'Tote bag “Żółta łódź”',
    description: 'Thick cotton, printed by hand in yellow.',
    category: 'Coffee and home',
    point: 'Corner shop at Chmielna',
    price: 2_500,
    taxRate: 2_300,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'unlimited' },
  },
  {
    kind: 'pickup',
    title: 'Gift box for a friend',
    description: 'Tea, biscuits and a card with your words. Packed while you wait.',
    category: 'Coffee and home',
    point: 'Old Town kiosk',
    picture: { motif: 'box', from: [240, 208, 214], to: [252, 240, 242], main: [196, 92, 116], accent: [250, 226, 170] },
    price: 15_000,
    discountPercent: 10,
    taxRate: 2_300,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'counter', count: 8 },
  },
  {
    kind: 'pickup',
    title: 'Vinyl: Nocne tramwaje',
    description: 'Jazz from the last tram home, 180 g pressing.',
    category: 'Music',
    point: 'Record cellar',
    picture: { motif: 'disc', from: [178, 220, 212], to: [236, 247, 243], main: [226, 120, 84], accent: [250, 232, 190] },
    price: 8_900,
    taxRate: 2_300,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'counter', count: 3 },
  },
  {
    kind: 'digital',
    title: 'Northern lights wallpapers',
    description: 'Twelve photographs for phone and desktop.',
    category: 'Downloads',
    price: 1_000,
    starsPrice: 50,
    taxRate: 2_300,
    methods: ['stars'],
    stock: { mode: 'unlimited' },
    content: 'https://files.example.com/northern-lights.zip\nPassword: aurora-2026',
  },
  {
    kind: 'digital',
    title: 'Puzzle game key',
    description: 'One key for the full game. Activate it in the game’s menu.',
    category: 'Keys and licences',
    price: 2_000,
    discountPercent: 25,
    starsPrice: 100,
    taxRate: 2_300,
    methods: ['stars'],
    stock: { mode: 'unique', contents: keys('PUZZLE', 25) },
  },
  {
    kind: 'digital',
    title: 'Streaming voucher, 30 days',
    description: 'A code for thirty days of films and series.',
    category: 'Keys and licences',
    price: 2_999,
    taxRate: 2_300,
    methods: ['stars', 'wallet'],
    stock: { mode: 'unique', contents: keys('FILM30', 15) },
  },
  {
    kind: 'digital',
    title: 'Photo editor licence, 1 year',
    description: 'For one person on two computers.',
    category: 'Keys and licences',
    price: 14_900,
    discountPercent: 15,
    taxRate: 2_300,
    methods: ['stars', 'wallet', 'card'],
    stock: { mode: 'unique', contents: keys('EDITOR', 20) },
  },
  {
    kind: 'digital',
    title: 'Early-bird ticket',
    description: 'The last one at this price. Open-air cinema, first Friday of June.',
    category: 'Keys and licences',
    price: 5_000,
    taxRate: 800,
    customerLimit: 1,
    methods: ['stars', 'wallet'],
    stock: { mode: 'unique', contents: keys('CINEMA', 1) },
  },
  {
    kind: 'digital',
    title: 'Книга «Тихая река»',
    description: 'Повесть в шести главах. EPUB и PDF.',
    category: 'Downloads',
    price: 1_900,
    taxRate: 500,
    methods: ['stars', 'wallet'],
    stock: { mode: 'unlimited' },
    content: 'https://files.example.com/tihaya-reka.epub\nПриятного чтения!',
  },
  {
    kind: 'digital',
    title: '<b>HTML</b> & friends: cheat sheet 猫 خط',
    description: 'Every *character* stands for itself: _<>&"\'_ [no](link) `code` 👩‍🚀',
    category: 'Downloads',
    price: 500,
    taxRate: 500,
    methods: ['stars', 'wallet'],
    stock: { mode: 'unlimited' },
    content: '&lt; is <, &amp; is &, and *stars* are only stars.',
  },
  {
    kind: 'pickup',
    title: 'T-shirt “Nocny tramwaj”',
    description: 'Organic cotton, printed by hand. Black or white, in three sizes.',
    category: 'Clothes',
    point: 'Praga workshop',
    picture: blackShirt,
    album: [whiteShirt, shirt([222, 120, 90])],
    price: 7_900,
    taxRate: 2_300,
    warrantyDays: 30,
    methods: ['card', 'crypto', 'wallet'],
    stock: { mode: 'unlimited' },
    options: [
      { name: 'Size', values: ['S', 'M', 'L'] },
      { name: 'Colour', values: ['Black', 'White'] },
    ],
    variants: [
      { values: ['S', 'Black'], price: 7_900, count: 4 },
      { values: ['S', 'White'], price: 7_900, count: 0, picture: whiteShirt },
      { values: ['M', 'Black'], price: 7_900, count: 9 },
      { values: ['M', 'White'], price: 7_900, count: 2, picture: whiteShirt },
      { values: ['L', 'Black'], price: 8_900, count: 6 },
    ],
  },
  {
    kind: 'digital',
    title: 'Five coffees to make at home',
    description: 'A small file with five recipes, for whatever you brew with.',
    category: 'Community',
    price: 700,
    taxRate: 500,
    methods: ['stars', 'wallet', 'card', 'crypto'],
    stock: { mode: 'unlimited' },
    content: {
      kind: 'file',
      name: 'five-coffees.txt',
      mediaType: 'text/plain',
      bytes: new TextEncoder().encode(
        'Five coffees\n\n1. Press: 30 g, 500 ml, four minutes.\n2. Pour-over: 18 g, 300 ml, three minutes.\n',
      ),
    },
  },
  {
    kind: 'credits',
    title: '25 message credits',
    description: 'A message to our staff costs one.',
    category: 'Community',
    price: 2_500,
    starsPrice: 120,
    taxRate: 2_300,
    methods: ['stars', 'wallet', 'card', 'crypto'],
    stock: { mode: 'unlimited' },
    creditAmount: 25,
  },
  {
    kind: 'access',
    title: 'Listening room, 7 days',
    description: 'Every concert we recorded, for a week.',
    category: 'Community',
    price: 1_500,
    taxRate: 2_300,
    methods: ['stars', 'wallet', 'card', 'crypto'],
    stock: { mode: 'unlimited' },
    accessSeconds: 7 * 86_400,
  },
  {
    kind: 'course',
    title: 'Film photography',
    description: 'From the first roll to a print on the wall.',
    category: 'Community',
    price: 9_900,
    discountPercent: 10,
    taxRate: 2_300,
    methods: ['stars', 'wallet', 'card', 'crypto'],
    stock: { mode: 'unlimited' },
    lessons: ['The camera', 'Light without a meter', 'Developing at home', 'The first print'],
  },
  {
    kind: 'donation',
    title: 'Cats of Praga',
    description: 'Food and a vet for those who live in our yard. As much as you like.',
    category: 'Community',
    price: 1_000,
    taxRate: 0,
    methods: ['stars', 'wallet', 'card', 'crypto'],
    stock: { mode: 'unlimited' },
    donationMinimum: 200,
    donationMaximum: 100_000,
  },
];

/** The sandbox's people: customers with money in minor units, and staff. */
export const demoCustomers = [
  { telegramUserId: 1001, name: 'Anna', language: 'en', balance: 8_500 },
  { telegramUserId: 1002, name: 'Boris', language: 'ru', balance: 25_000 },
  { telegramUserId: 1003, name: 'Celina', language: 'pl', balance: 50_000 },
] as const;

export const demoStaff = [
  { telegramUserId: 2001, role: 'owner' },
  { telegramUserId: 2002, role: 'support' },
] as const;

export const demoStaffChatId = -5001;

/** A promo code to try, each customer once. */
export const demoCode = { code: 'WELCOME10', percent: 10 } as const;

/** What the demo shop says in its own words, by language and id of the text. */
export const demoTexts = {
  en: { 'start-hint': 'Choose below, or write what you are looking for. 🎟 New here? The code WELCOME10 takes 10% off one order.' },
  ru: { 'start-hint': 'Выберите ниже или напишите, что ищете. 🎟 Впервые здесь? Код WELCOME10 даёт скидку 10% на один заказ.' },
  pl: { 'start-hint': 'Wybierz poniżej albo napisz, czego szukasz. 🎟 Pierwszy raz? Kod WELCOME10 daje 10% zniżki na jedno zamówienie.' },
} as const;
