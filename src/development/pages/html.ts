import { escapeHtml } from "../../domain/html";

/** Markup in which every text has been escaped. Only `html` makes it. */
export class Html {
  constructor(readonly text: string) {}
}

/** A template of markup. Inserted texts are escaped; markup and lists of markup are not escaped again. */
export function html(strings: TemplateStringsArray, ...values: ReadonlyArray<string | Html | readonly Html[]>): Html {
  return new Html(strings.reduce((before, part, index) => `${before}${markupOf(values[index - 1] ?? "")}${part}`));
}

function markupOf(value: string | Html | readonly Html[]): string {
  if (typeof value === "string") return escapeHtml(value);
  return value instanceof Html ? value.text : value.map(({ text }) => text).join("");
}
