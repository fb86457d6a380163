import { type Html, html } from "./html";

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#182230, #e6eaf1); --dim: light-dark(#5b6778, #9aa6b8); --paper: light-dark(#fff, #171d27);
  --ground: light-dark(#f1f4f8, #0f141b); --line: light-dark(#dde3ec, #2b3442); --accent: light-dark(#3358d4, #7c9bff) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
header { background: var(--paper); border-bottom: 1px solid var(--line) }
header div, main { max-width: 860px; margin: 0 auto; padding: 16px }
header div { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline }
header nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-left: auto }
a { color: var(--accent) } h1 { font-size: 22px } h2 { font-size: 17px }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 16px 20px; margin: 16px 0 }
ul.rows { list-style: none; margin: 0; padding: 0 } ul.rows li { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 8px 0; border-top: 1px solid var(--line) }
ul.rows li:first-child { border-top: 0 } ul.rows .grow { flex: 1 1 240px; min-width: 0; overflow-wrap: anywhere } small, .dim { color: var(--dim) }
button { font: inherit; border: 1px solid var(--line); border-radius: 7px; padding: 6px 14px; background: var(--ground); color: var(--ink); cursor: pointer }
button.main { background: #3358d4; border-color: #3358d4; color: #fff } input { font: inherit; padding: 6px 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--ground); color: var(--ink); max-width: 100% }
form { display: flex; flex-wrap: wrap; gap: 10px; align-items: center } iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 10px; background: #fff }
pre { white-space: pre-wrap; overflow-wrap: anywhere }`;

/** A whole development page, and the policy that lets no script run in it. */
export interface Page {
  html: string;
  policy: string;
}

/** Returns a page with the frame of the development pages around `body`. */
export function page(title: string, body: Html): Page {
  const nonce = crypto.randomUUID();
  const { text } = html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · CloudThinker Organizations</title>
<style nonce="${nonce}">${STYLE}</style></head><body>
<header><div><strong>CloudThinker Organizations</strong> <small>development</small>
<nav><a href="/">Console</a><a href="/dev">Tokens</a><a href="/dev/explorer">Explorer</a><a href="/dev/mailbox">Mailbox</a></nav></div></header>
<main><h1>${title}</h1>${body}</main></body></html>`;
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; frame-src 'self'; base-uri 'none'; form-action 'none'`;
  return { html: text, policy };
}
