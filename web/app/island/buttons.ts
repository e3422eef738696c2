/** Telegram's two buttons under the page. Whoever is shown last has them; they change once a turn, so that they do not flicker between pages. */
import type { WebApp } from './telegram.ts';

export interface Wish {
  readonly text: string;
  readonly press: () => void;
  readonly isActive?: boolean;
  /** Something is on its way: a turning wheel, and no press counts. */
  readonly isBusy?: boolean;
}

type Kind = 'main' | 'second';

export interface BottomButtons {
  want(kind: Kind, owner: object, wish: Wish | undefined): void;
  /** Whether the client has a second button; a page draws its own else. */
  readonly hasSecond: boolean;
}

export function createButtons(app: WebApp): BottomButtons {
  const hasSecond = app.isVersionAtLeast('7.10') && app.SecondaryButton !== undefined;
  const wanted: Record<Kind, { owner: object; wish: Wish } | undefined> = { main: undefined, second: undefined };
  const drawn: Record<Kind, string> = { main: '', second: '' };
  let isPlanned = false;

  const buttonOf = (kind: Kind) => (kind === 'main' ? app.MainButton : app.SecondaryButton);
  for (const kind of ['main', 'second'] as const) {
    if (kind === 'second' && !hasSecond) continue;
    buttonOf(kind)?.onClick(() => {
      const wish = wanted[kind]?.wish;
      if (wish && wish.isActive !== false && !wish.isBusy) wish.press();
    });
  }

  function draw(): void {
    isPlanned = false;
    for (const kind of ['main', 'second'] as const) {
      const button = kind === 'second' && !hasSecond ? undefined : buttonOf(kind);
      const wish = wanted[kind]?.wish;
      const { text = '', isActive = true, isBusy = false } = wish ?? {};
      const look = JSON.stringify([wish !== undefined, text, isActive, isBusy]);
      if (!button || look === drawn[kind]) continue;
      drawn[kind] = look;
      if (!wish) {
        button.hideProgress();
        button.setParams({ is_visible: false });
        continue;
      }
      if (!isBusy) button.hideProgress();
      button.setParams({ text, is_visible: true, is_active: isActive && !isBusy, ...(kind === 'second' ? { position: 'left' } : {}) });
      if (isBusy) button.showProgress(false);
    }
  }

  return {
    hasSecond,
    want(kind, owner, wish) {
      if (wish) wanted[kind] = { owner, wish };
      else if (wanted[kind]?.owner === owner) wanted[kind] = undefined;
      if (isPlanned) return;
      isPlanned = true;
      setTimeout(draw, 0);
    },
  };
}
