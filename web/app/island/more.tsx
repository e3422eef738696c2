/** @jsxImportSource hono/jsx/dom */
/** The rest of the shop: friends, settings, help. */
import { useApp } from './app-context.ts';
import { Heading, Icon, type IconName } from './parts.tsx';

interface Entry {
  readonly icon: IconName;
  readonly title: string;
  readonly press: () => void;
}

export function More() {
  const { texts, router, shop, telegram } = useApp();
  const chat = shop.bot;
  const toChat = (start: string) => () => telegram.openTelegramLink(`https://t.me/${chat}?start=${start}`);
  const own: Entry[] = [
    { icon: 'people', title: texts.say('app-invite'), press: () => router.go({ at: 'referrals' }) },
    { icon: 'gear', title: texts.say('app-settings'), press: () => router.go({ at: 'settings' }) },
  ];
  const help: Entry[] = chat === null ? [] : [{ icon: 'chat', title: texts.say('app-to-chat'), press: toChat('app') }];
  return (
    <>
      <Heading>{shop.title}</Heading>
      <Entries entries={own} />
      {help.length > 0 ? <Entries entries={help} /> : null}
    </>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <ul class="sheet list">
      {entries.map(({ icon, title, press }) => (
        <li key={title}>
          <button type="button" class="row" onClick={press}>
            <span class="row-icon">
              <Icon name={icon} />
            </span>
            <span class="row-words">{title}</span>
            <Icon name="right" size={18} />
          </button>
        </li>
      ))}
    </ul>
  );
}
