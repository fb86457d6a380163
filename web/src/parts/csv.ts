/** Texts that a spreadsheet takes for a formula, also after white space. */
const FORMULA = /^\s*[=+\-@|%]|^[\t\r\n]/;

type Cell = string | number | null | undefined;

/** Lines of CSV by RFC 4180. An apostrophe makes a spreadsheet show a formula as text. */
export function csvOf(lines: ReadonlyArray<readonly Cell[]>): string {
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

function quoted(value: Cell): string {
  const text = String(value ?? "");
  const isFormula = typeof value === "string" && FORMULA.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** Saves a text as a file in the browser. */
export function saveFile(name: string, content: string | Blob, type = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // By then the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
