import { escapeHtml } from "../../src/domain/html";

test.each([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["plain é 日本 🎉", "plain é 日本 🎉"],
  ["", ""],
  ["&amp;", "&amp;amp;"],
  [`<a href="x" title='y'>&</a>`, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;"],
  ["<<>>", "&lt;&lt;&gt;&gt;"],
])("%j is written as %j", (text, written) => expect(escapeHtml(text)).toBe(written));
