/** @jsxImportSource hono/jsx/dom */
import { render } from 'hono/jsx/dom';
import { App } from './app.tsx';
import { createStore } from './store.ts';

const page = document.getElementById('page');
if (page) {
  const store = createStore();
  page.textContent = '';
  render(<App store={store} />, page);
  void store.actions.open();
}
