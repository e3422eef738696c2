/** @jsxImportSource hono/jsx/dom */
/** Small parts used all over the page. */
import { avatarColour, initials } from './format.ts';

export function Avatar({ id, name, small }: { id: number | string; name: string; small?: boolean }) {
  return (
    <span class={`avatar hue-${avatarColour(id)} ${small ? 'small' : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function Badge({ count }: { count: number }) {
  if (count <= 0) return null;
  return (
    <span class="badge" data-testid="unread">
      {count > 99 ? '99+' : count}
      <span class="visually-hidden"> unread</span>
    </span>
  );
}

const paths = {
  bag: 'M5 8h14l-1.2 11.2a2 2 0 0 1-2 1.8H8.2a2 2 0 0 1-2-1.8zM8.5 8a3.5 3.5 0 0 1 7 0',
  send: 'M4 12 3 4l18 8-18 8 1-8zm0 0h8',
  menu: 'M4 7h16M4 12h16M4 17h10',
  more: 'M12 5.5v.01M12 12v.01M12 18.5v.01',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M6 9.5l6 6 6-6',
  left: 'M14.5 6l-6 6 6 6',
  up: 'M6 14.5l6-6 6 6',
  pin: 'M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  clip: 'M20 11.5l-8.2 8.2a5 5 0 0 1-7-7l8.6-8.7a3.3 3.3 0 0 1 4.7 4.7L9.5 17.3a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  away: 'M8 16 17 7M9 7h8v8',
  share: 'M14 9V5l7 7-7 7v-4.2c-5 0-8.4 1.4-11 5.2 1-5.600 4.400-10 11-11z',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  keyboard: 'M4 6h16v12H4zM8 10h.01M12 10h.01M16 10h.01M8 14h8',
};

export function Icon({ name, size = 22 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={name === 'send' ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width={name === 'more' ? '3' : '2'}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
