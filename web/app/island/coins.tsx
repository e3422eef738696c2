/** @jsxImportSource hono/jsx/dom */
/** The coin to pay in, on its network. */
import { useApp, useLoad } from './app-context.ts';
import { Bones } from './parts.tsx';
import { Failure } from './problem.tsx';

/** `USDT_TRC20` as people write it. */
export const nameOfCoin = (coin: string): string => {
  const [name = coin, network] = coin.split('_');
  return network === undefined ? name : `${name} (${network})`;
};

interface CoinsProps {
  readonly method: string;
  readonly chosen: string | undefined;
  choose(coin: string): void;
}

export function Coins({ method, chosen, choose }: CoinsProps) {
  const { texts, api, feel } = useApp();
  const { data, problem, reload } = useLoad(`coins:${method}`, () => api.coins(method));
  if (!data) return problem ? <Failure problem={problem} retry={reload} /> : <Bones kind="row" />;
  return (
    <fieldset class="sheet options">
      <legend>{texts.say('app-choose-coin')}</legend>
      {data.coins.map(({ coin }) => (
        <label key={coin} class="option" data-testid={`coin-${coin}`}>
          <input
            type="radio"
            name="coin"
            value={coin}
            checked={coin === chosen}
            onChange={() => {
              feel('choose');
              choose(coin);
            }}
          />
          <span class="option-words">{nameOfCoin(coin)}</span>
        </label>
      ))}
    </fieldset>
  );
}
