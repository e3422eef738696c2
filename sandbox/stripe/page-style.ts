/** Style and the little script of the pay page; both inline, so the page needs nothing else. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1a1f36; --soft: #697386; --line: #e3e8ee; --paper: #fff; --ground: #f6f8fb; --accent: #5b5bd6;
  --accent-ink: #fff; --bad: #b3261e; --good: #0e7c4a; --warn-ink: #6b4e00; --warn: #fff3cd; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f6; --soft: #a3acba; --line: #323847; --paper: #1b1f2a; --ground: #12151d;
  --accent: #8b8cf4; --accent-ink: #10121a; --bad: #ff8a80; --good: #5fd39a; --warn-ink: #ffe8a3; --warn: #3a3110; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--ground); }
.ribbon { background: var(--warn); color: var(--warn-ink); text-align: center; font-size: 13px; font-weight: 600; padding: 8px 16px; }
main { max-width: 880px; margin: 0 auto; padding: 40px 20px 64px; display: grid; grid-template-columns: 1fr 1fr; gap: 48px; align-items: start; }
main.notice { display: block; max-width: 460px; text-align: center; padding-top: 80px; }
@media (max-width: 720px) { main { grid-template-columns: 1fr; gap: 24px; padding-top: 20px; } main.notice { padding-top: 48px; } }
h1 { font-size: 38px; line-height: 1.1; margin: 4px 0 24px; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.notice h1 { font-size: 26px; margin: 16px 0 8px; letter-spacing: 0; }
.notice .mark { width: 56px; height: 56px; border-radius: 50%; display: inline-grid; place-items: center; font-size: 26px; background: var(--paper); border: 1px solid var(--line); }
.notice .good { color: var(--good); } .notice .bad { color: var(--bad); }
.soft { color: var(--soft); font-size: 14px; } a { color: var(--accent); }
ul.lines { list-style: none; margin: 0; padding: 0; }
ul.lines li { display: flex; justify-content: space-between; gap: 16px; padding: 12px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
ul.lines li span:last-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
ul.lines li.total { border: 0; font-weight: 600; }
.panel { background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 24px; box-shadow: 0 1px 3px rgb(20 30 60 / 6%); }
label { display: block; font-size: 14px; font-weight: 500; margin: 14px 0 6px; }
input { width: 100%; font: inherit; color: inherit; background: transparent; padding: 11px 12px; border: 1px solid var(--line); border-radius: 8px; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
button, .button { font: inherit; font-weight: 600; cursor: pointer; border-radius: 8px; border: 1px solid var(--line); background: var(--paper); color: var(--ink); padding: 11px 16px; text-decoration: none; display: inline-block; }
button.main, .button.main { width: 100%; border-color: var(--accent); background: var(--accent); color: var(--accent-ink); margin-top: 20px; text-align: center; }
.methods { display: grid; gap: 10px; } .methods button { width: 100%; }
.or { display: flex; align-items: center; gap: 12px; margin: 18px 0 4px; color: var(--soft); font-size: 13px; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
:is(input, button, a, summary):focus-visible { outline: 3px solid color-mix(in srgb, var(--accent) 55%, transparent); outline-offset: 2px; }
.error { color: var(--bad); font-size: 14px; margin: 0 0 12px; font-weight: 500; }
details { margin-top: 20px; font-size: 14px; } summary { cursor: pointer; color: var(--soft); }
details table { width: 100%; border-collapse: collapse; margin-top: 8px; } details td { padding: 8px 0; border-top: 1px solid var(--line); }
details td:first-child { font-variant-numeric: tabular-nums; white-space: nowrap; } details td:last-child { text-align: right; }
details button { padding: 4px 10px; font-size: 13px; }
button[aria-busy="true"] { opacity: .65; cursor: progress; }
`;

export const pageScript = `
const number = document.querySelector('#cardNumber');
const group = (text) => (text.replace(/\\D/g, '').slice(0, 19).match(/.{1,4}/g) ?? []).join(' ');
number?.addEventListener('input', () => { number.value = group(number.value); });
for (const each of document.querySelectorAll('[data-card]')) each.addEventListener('click', () => { number.value = group(each.dataset.card); number.focus(); });
for (const form of document.querySelectorAll('form')) form.addEventListener('submit', (event) => { event.submitter?.setAttribute('aria-busy', 'true'); });
for (const time of document.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
`;
