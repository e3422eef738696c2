/** Orders to draw, for tests of screens. */
import type { OrderLineView, OrderView } from '../../domain/order.ts';

export const now = Date.parse('2026-11-21T12:00:00Z');

export function makeLine(changes: Partial<OrderLineView> = {}): OrderLineView {
  return {
    id: 11,
    productId: 7,
    kind: 'digital',
    title: 'Key',
    quantity: 2,
    basePrice: 5000,
    discountPercent: 20,
    price: 4000,
    starsPrice: 20,
    creditAmount: null,
    accessSeconds: null,
    delivery: null,
    pickupPoint: null,
    ...changes,
  };
}

export function makeView(changes: Partial<OrderView> = {}): OrderView {
  return {
    code: 'K7Q4MX2P',
    shopId: 1,
    customerId: 5,
    status: 'awaitingPayment',
    language: 'en',
    currency: 'PLN',
    total: 8000,
    starsTotal: 40,
    tax: 1496,
    promo: null,
    method: 'card',
    methods: ['stars', 'card', 'wallet'],
    held: 0,
    toWallet: 0,
    tolerated: 0,
    fromBasket: true,
    wasUnfulfillable: false,
    onItsWay: false,
    placedAt: now,
    holdEndsAt: now + 900_000,
    paidAt: null,
    endedBy: null,
    reminded: false,
    version: 1,
    lines: [makeLine()],
    payment: {
      id: 'K7Q4MX2P-1',
      provider: 'stripe',
      status: 'pending',
      amount: 8000,
      currency: 'PLN',
      instructions: { kind: 'link', url: 'https://pay.example.org/1' },
    },
    refunds: [],
    dispute: null,
    ...changes,
  };
}

export const pickupPoint = {
  id: 3,
  city: 'Warsaw',
  district: 'Center',
  name: 'Kiosk <b>5</b>',
  address: 'Marszałkowska 1',
  hours: '10–18',
  latitude: 52.2,
  longitude: 21,
  instructions: 'Ring twice & wait',
  photoId: null,
};
