/** @jsxImportSource hono/jsx/dom */
/** What stands around every place: the bar of tabs under the five parts of the shop. */
import { useLayoutEffect } from 'hono/jsx/dom';
import { useApp } from './app-context.ts';
import { Basket } from './basket.tsx';
import { Catalogue } from './catalogue.tsx';
import { Checkout } from './checkout.tsx';
import { Claims } from './claims.tsx';
import { Gifts } from './gifts.tsx';
import { More } from './more.tsx';
import { Order } from './order.tsx';
import { Orders } from './orders.tsx';
import { Icon } from './parts.tsx';
import { Payment } from './payment.tsx';
import { Product } from './product.tsx';
import { Redeem } from './redeem.tsx';
import { Referrals } from './referrals.tsx';
import { Refill } from './refill.tsx';
import { type Route, type Tab, tabs } from './router.ts';
import { Settings } from './settings.tsx';
import { Wallet } from './wallet.tsx';

function Place({ route }: { route: Route }) {
  switch (route.at) {
    case 'shop':
      return <Catalogue />;
    case 'product':
      return <Product id={route.id} />;
    case 'basket':
      return <Basket />;
    case 'checkout':
      return <Checkout from={route.from} lines={route.lines} />;
    case 'payment':
      return <Payment id={route.id} />;
    case 'orders':
      return <Orders />;
    case 'order':
      return <Order code={route.code} />;
    case 'claims':
      return <Claims code={route.code} />;
    case 'wallet':
      return <Wallet />;
    case 'refill':
      return <Refill amount={route.amount} />;
    case 'gifts':
      return <Gifts />;
    case 'redeem':
      return <Redeem />;
    case 'more':
      return <More />;
    case 'referrals':
      return <Referrals />;
    case 'settings':
      return <Settings />;
    default:
      return route satisfies never;
  }
}

export function Frame() {
  const { router, shop, texts } = useApp();
  const { route } = router;
  const hasTabs = (tabs as readonly string[]).includes(route.at);
  useLayoutEffect(() => {
    scrollTo(0, router.scroll);
  }, []);
  return (
    <div class={`frame ${hasTabs ? 'with-tabs' : ''}`}>
      {shop.open ? null : (
        <p class="notice warn" role="note">
          {texts.say('app-closed')}
        </p>
      )}
      <main>
        <Place route={route} />
      </main>
      {hasTabs ? <Tabs at={route.at as Tab} /> : null}
    </div>
  );
}

function Tabs({ at }: { at: Tab }) {
  const { texts, router, basketCount, feel } = useApp();
  const open = (tab: Tab) => () => {
    feel('choose');
    if (tab === at) scrollTo({ top: 0, behavior: 'smooth' });
    else router.go({ at: tab });
  };
  return (
    <nav class="tabs" aria-label={texts.say('app-tabs')}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          class="tab"
          aria-current={tab === at ? 'page' : undefined}
          data-testid={`tab-${tab}`}
          onClick={open(tab)}
        >
          <span class="tab-icon">
            <Icon name={tab} />
            {tab === 'basket' && basketCount > 0 ? (
              <span class="count" aria-hidden="true">
                {basketCount > 99 ? '99+' : basketCount}
              </span>
            ) : null}
          </span>
          <span>{texts.say(`app-tab-${tab}`)}</span>
          {tab === 'basket' && basketCount > 0 ? (
            <span class="visually-hidden">{texts.say('app-in-basket', { count: basketCount })}</span>
          ) : null}
        </button>
      ))}
    </nav>
  );
}
