import { escapeHtml } from "../../domain/html";

const STYLE = `
:root { color-scheme: light dark; --ink: #182230; --dim: #5b6778; --paper: #fff; --ground: #f1f4f8; --line: #dde3ec; --accent: #3358d4 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf1; --dim: #9aa6b8; --paper: #171d27; --ground: #0f141b; --line: #2b3442; --accent: #7c9bff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
header { background: var(--paper); border-bottom: 1px solid var(--line) }
header div, main { max-width: 860px; margin: 0 auto; padding: 16px }
header nav { display: inline; float: right } header a, nav a { margin-left: 16px }
a { color: var(--accent) } h1 { font-size: 22px } h2 { font-size: 17px }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 16px 20px; margin: 16px 0 }
ul.rows { list-style: none; margin: 0; padding: 0 } ul.rows li { display: flex; gap: 12px; align-items: center; padding: 8px 0; border-top: 1px solid var(--line) }
ul.rows li:first-child { border-top: 0 } ul.rows .grow { flex: 1; min-width: 0; overflow-wrap: anywhere } small, .dim { color: var(--dim) }
button { font: inherit; border: 1px solid var(--line); border-radius: 7px; padding: 6px 14px; background: var(--ground); color: var(--ink); cursor: pointer }
button.main { background: #3358d4; border-color: #3358d4; color: #fff } input { font: inherit; padding: 6px 10px; border: 1px solid var(--line); border-radius: 7px; background: var(--ground); color: var(--ink); max-width: 100% }
textarea { width: 100%; height: 84px; font: 12px/1.4 ui-monospace, monospace; background: var(--ground); color: var(--ink); border: 1px solid var(--line); border-radius: 7px; padding: 8px }
form { display: flex; flex-wrap: wrap; gap: 10px; align-items: center } iframe { width: 100%; height: 640px; border: 1px solid var(--line); border-radius: 10px; background: #fff }
pre { white-space: pre-wrap; overflow-wrap: anywhere } [hidden] { display: none }`;

/** A whole development page. `script` runs in the browser and is the only script that may. */
export function page(title: string, body: string, script = ""): { html: string; policy: string } {
  const nonce = crypto.randomUUID();
  const code = script && `<script nonce="${nonce}">${script}</script>`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · CloudThinker Organizations</title>
<style nonce="${nonce}">${STYLE}</style></head><body>
<header><div><strong>CloudThinker Organizations</strong> <small>development</small>
<nav><a href="/dev">Sign in</a><a href="/dev/explorer">Explorer</a><a href="/dev/mailbox">Mailbox</a></nav></div></header>
<main><h1>${escapeHtml(title)}</h1>${body}</main>${code}</body></html>`;
  const policy = `default-src 'none'; connect-src 'self'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-src 'self'; base-uri 'none'; form-action 'none'`;
  return { html, policy };
}
