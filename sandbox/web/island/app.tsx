/** @jsxImportSource hono/jsx/dom */
/** The whole page: who one is, the chat, and the bar beside it. */
import { useLayoutEffect, useState } from 'hono/jsx/dom';
import { Bar } from './bar.tsx';
import { Chat } from './chat.tsx';
import { Side } from './side.tsx';
import type { Store } from './store.ts';

export function App({ store }: { store: Store }) {
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    const stop = store.subscribe(() => draw((times: number) => times + 1));
    return () => {
      stop();
    };
  }, []);
  const { state, actions } = store;
  if (state.stage === 'opening') return <p class="boot">Opening the chat …</p>;
  if (state.stage === 'failed') {
    return (
      <p class="boot" role="alert">
        {state.problem} Trying again …
      </p>
    );
  }
  return (
    <div class="app">
      <Side state={state} actions={actions} />
      <Chat state={state} actions={actions} />
      <Bar state={state} actions={actions} />
    </div>
  );
}
