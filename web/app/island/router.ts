/** Where one is in the app, and the way back. Kept for reloads, with how far each place was scrolled. */
import type { Line } from './wire.ts';

export type Route =
  | { readonly at: 'shop' | 'basket' | 'orders' | 'wallet' | 'more' | 'referrals' | 'settings' | 'gifts' | 'redeem' }
  | { readonly at: 'product'; readonly id: number }
  | { readonly at: 'checkout'; readonly from: 'basket' | 'product'; readonly lines?: readonly Line[] }
  | { readonly at: 'payment'; readonly id: string }
  | { readonly at: 'order' | 'claims'; readonly code: string }
  | { readonly at: 'refill'; readonly amount?: number };

export const tabs = ['shop', 'basket', 'orders', 'wallet', 'more'] as const;
export type Tab = (typeof tabs)[number];

interface Step {
  readonly route: Route;
  /** Pixels from the top when it was left. */
  readonly scroll: number;
}

export interface Router {
  readonly route: Route;
  readonly canGoBack: boolean;
  /** Tells one visit from the next. */
  readonly visit: number;
  /** Where this place was scrolled to before. */
  readonly scroll: number;
  go(route: Route): void;
  /** Takes the place of where one is: back does not lead there again. */
  replace(route: Route): void;
  back(): void;
}

const shop: Step = { route: { at: 'shop' }, scroll: 0 };
const isTab = (route: Route): boolean => (tabs as readonly string[]).includes(route.at);

export function createRouter(storage: Pick<Storage, 'getItem' | 'setItem'>, changed: () => void, start?: Route): Router {
  let steps = readSteps(storage) ?? (start ? [shop, { route: start, scroll: 0 }] : [shop]);
  let visit = 0;
  const current = () => steps.at(-1) ?? shop;
  const leave = (): Step[] => [...steps.slice(0, -1), { route: current().route, scroll: scrollY }];
  function move(next: Step[]): void {
    steps = next;
    visit += 1;
    storage.setItem('steps', JSON.stringify(steps));
    changed();
  }
  return {
    get route() {
      return current().route;
    },
    get canGoBack() {
      return steps.length > 1;
    },
    get visit() {
      return visit;
    },
    get scroll() {
      return current().scroll;
    },
    go(route) {
      if (JSON.stringify(route) === JSON.stringify(current().route)) return;
      const left = leave();
      // From one part of the shop to another, back leads to the shop and not through every part seen before.
      if (route.at === 'shop') move([left[0] ?? shop]);
      else if (isTab(route)) move([left[0] ?? shop, { route, scroll: 0 }]);
      else move([...left, { route, scroll: 0 }]);
    },
    replace: (route) => move([...steps.slice(0, -1), { route, scroll: 0 }]),
    back() {
      if (steps.length > 1) move(steps.slice(0, -1));
    },
  };
}

function readSteps(storage: Pick<Storage, 'getItem'>): Step[] | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem('steps') ?? '');
    return Array.isArray(kept) && kept.length > 0 ? (kept as Step[]) : undefined;
  } catch {
    return undefined;
  }
}

/** `p_12` behind `startapp=`, as in a link to a product. */
export function readStart(startParam: string | undefined): Route | undefined {
  const id = /^p_([1-9]\d{0,14})$/.exec(startParam ?? '')?.[1];
  return id === undefined ? undefined : { at: 'product', id: Number(id) };
}
