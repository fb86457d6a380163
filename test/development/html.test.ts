import { html } from "../../src/development/pages/html";

test("texts are escaped in every place", () => {
  const name = `<script>"'&`;
  expect(html`<b title="${name}">${name}</b>`.text).toBe(
    '<b title="&lt;script&gt;&quot;&#39;&amp;">&lt;script&gt;&quot;&#39;&amp;</b>',
  );
});

test("markup and lists of markup are inserted unchanged", () => {
  const items = ["a<", "b"].map((each) => html`<li>${each}</li>`);
  expect(html`<ul>${items}</ul>${html`<hr>`}`.text).toBe("<ul><li>a&lt;</li><li>b</li></ul><hr>");
});
