/** @jsxImportSource hono/jsx/dom */
/** Entry of the page's script. */
import { render } from 'hono/jsx/dom';
import { App } from './app.tsx';

const place = document.getElementById('app');
if (place) {
  const { api = '/api', texts = '{}' } = place.dataset;
  const textPaths = JSON.parse(texts) as Record<string, string>;
  place.replaceChildren();
  render(<App root={api} textPaths={textPaths} />, place);
}
