/** @jsxImportSource hono/jsx/dom */
/** The goods of a line. Covered until asked for: somebody may look over one's shoulder, and what was shown is not taken back. */
import { useState } from 'hono/jsx/dom';
import { useApp, useOnce } from './app-context.ts';
import { Copyable, Icon } from './parts.tsx';
import { sayProblem } from './problem.tsx';
import type { GoodsAnswer } from './wire.ts';

interface GoodsProps {
  readonly code: string;
  readonly lineId: number;
  readonly known: GoodsAnswer['goods'];
  readonly canShow: boolean;
}

export function Goods({ code, lineId, known, canShow }: GoodsProps) {
  const { texts, api, feel, toast } = useApp();
  const [isShown, setIsShown] = useState(false);
  const [goods, setGoods] = useState(known);
  const show = useOnce(async () => {
    feel('press');
    if (isShown) return setIsShown(false);
    try {
      if (canShow && goods.length === 0) setGoods((await api.showGoods(code, lineId)).goods);
      setIsShown(true);
    } catch (err) {
      feel('error');
      toast(sayProblem(texts, err));
    }
  });
  return (
    <div class="goods">
      <button
        type="button"
        class="soft-button wide"
        aria-expanded={isShown ? 'true' : 'false'}
        aria-busy={show.isBusy ? 'true' : 'false'}
        data-testid="show-goods"
        onClick={() => show.run()}
      >
        {texts.say(isShown ? 'app-hide' : 'app-show')}
      </button>
      {isShown ? goods.map((good, index) => <Good key={String(index)} good={good} />) : null}
    </div>
  );
}

function Good({ good: { kind, text } }: { good: GoodsAnswer['goods'][number] }) {
  const { texts, telegram } = useApp();
  if (kind === 'file') {
    return (
      <p class="with-icon">
        <Icon name="page" size={20} />
        <span>
          {text}
          <br />
          <small class="soft">{texts.say('app-file-in-chat')}</small>
        </span>
      </p>
    );
  }
  return (
    <>
      <Copyable label={texts.say('app-goods')} text={text} mono />
      {kind === 'link' ? (
        <button type="button" class="soft-button wide" onClick={() => telegram.openLink(text)}>
          <Icon name="away" size={18} /> {texts.say('app-open-link')}
        </button>
      ) : null}
    </>
  );
}
