/** Stripe's documented test cards, and what becomes of each. */
export interface Card {
  readonly number: string;
  readonly brand: string;
  readonly outcome: 'succeed' | 'decline' | 'authenticate' | 'dispute' | 'refundPending' | 'refundFails';
  readonly declineCode?: string;
  readonly message: string;
}

const declined = 'Your card was declined.';

export const testCards: readonly Card[] = [
  { number: '4242424242424242', brand: 'visa', outcome: 'succeed', message: '' },
  { number: '4000002500003155', brand: 'visa', outcome: 'authenticate', message: '' },
  { number: '4000000000000002', brand: 'visa', outcome: 'decline', declineCode: 'generic_decline', message: declined },
  {
    number: '4000000000009995',
    brand: 'visa',
    outcome: 'decline',
    declineCode: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  { number: '5555555555554444', brand: 'mastercard', outcome: 'succeed', message: '' },
  { number: '4000000000000259', brand: 'visa', outcome: 'dispute', message: '' },
  { number: '4000000000007726', brand: 'visa', outcome: 'refundPending', message: '' },
  { number: '4000000000005126', brand: 'visa', outcome: 'refundFails', message: '' },
];

/** @returns undefined for a number that is no test card (spaces do not matter). */
export function findCard(number: string): Card | undefined {
  const digits = number.replaceAll(/[\s-]/g, '');
  return testCards.find((card) => card.number === digits);
}

/** Stands for Link and BLIK, which succeed. */
export const otherMethod: Card = { number: '', brand: '', outcome: 'succeed', message: '' };
