/** The two buttons under a Mini App, drawn by whoever shows it. */
import type { Listener, Theme } from './launch.ts';

export interface ButtonHost {
  post(eventType: string, eventData: unknown): void;
  emit(name: string): void;
  colors(): Theme;
}

interface Look {
  text?: string;
  color?: string;
  text_color?: string;
  is_visible?: boolean;
  is_active?: boolean;
  has_shine_effect?: boolean;
  position?: string;
}

export function createButton({ post, emit, colors }: ButtonHost, kind: 'main' | 'secondary', first: { text: string }) {
  const look = { text: first.text, isVisible: false, isActive: true, isProgressVisible: false, shines: false, position: 'left' };
  let own: { color?: string; textColor?: string } = {};
  let clicked: Listener[] = [];
  let told = '';

  function tell(): typeof button {
    const { isVisible, isActive, isProgressVisible, text } = look;
    const theme = colors();
    const color = own.color ?? (kind === 'main' ? theme.button_color : (theme.bottom_bar_bg_color ?? theme.bg_color));
    const textColor = own.textColor ?? (kind === 'main' ? theme.button_text_color : theme.button_color);
    const params = isVisible
      ? {
          is_visible: true,
          is_active: isActive,
          is_progress_visible: isProgressVisible,
          text,
          color,
          text_color: textColor,
          has_shine_effect: look.shines && isActive && !isProgressVisible,
          ...(kind === 'secondary' ? { position: look.position } : {}),
        }
      : { is_visible: false };
    const words = JSON.stringify(params);
    if (words !== told) post(`web_app_setup_${kind}_button`, params);
    told = words;
    return button;
  }

  const set = (change: Partial<typeof look>) => {
    Object.assign(look, change);
    return tell();
  };

  const button = {
    type: kind,
    get text() {
      return look.text;
    },
    get isVisible() {
      return look.isVisible;
    },
    get isActive() {
      return look.isActive;
    },
    get isProgressVisible() {
      return look.isProgressVisible;
    },
    setText: (text: string) => set({ text }),
    show: () => set({ isVisible: true }),
    hide: () => set({ isVisible: false }),
    enable: () => set({ isActive: true }),
    disable: () => set({ isActive: false }),
    showProgress: (staysActive = false) => set({ isProgressVisible: true, isActive: staysActive }),
    hideProgress: () => set({ isProgressVisible: false, isActive: true }),
    onClick(listener: Listener) {
      clicked = [...clicked, listener];
      return button;
    },
    offClick(listener: Listener) {
      clicked = clicked.filter((one) => one !== listener);
      return button;
    },
    setParams({ text, color, text_color, is_visible, is_active, has_shine_effect, position }: Look) {
      own = { color: color ?? own.color, textColor: text_color ?? own.textColor };
      return set({
        text: text?.trim() || look.text,
        isVisible: is_visible ?? look.isVisible,
        isActive: is_active ?? look.isActive,
        shines: has_shine_effect ?? look.shines,
        position: position ?? look.position,
      });
    },
  };
  return {
    button,
    press(): void {
      if (!look.isActive) return;
      emit(`${kind}ButtonClicked`);
      for (const listener of clicked) listener();
    },
  };
}
