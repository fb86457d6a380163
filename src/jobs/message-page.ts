import { escapeHtml } from "../domain/html";

/** Mail clients without style sheets show the light theme, which is in the elements' own styles. */
const DARK = `@media (prefers-color-scheme: dark) {
  .ground { background: #0f141b !important; }
  .card { background: #171d27 !important; border-color: #2c3543 !important; }
  .ink { color: #e8ecf3 !important; }
  .small { color: #a0acbf !important; }
  .link { color: #8aa5ff !important; }
}`;

/** The HTML of a mail: paragraphs, one button, and small print below, in the reader's light or dark theme. */
export function messagePage(
  title: string,
  lines: readonly string[],
  { label, link }: { label: string; link: string },
  smallPrint: readonly string[],
): string {
  const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
  const [lead = "", ...rest] = lines;
  const paragraphs = rest.map(
    (line) => `<p style="margin:0 0 16px;font-size:15px;line-height:23px">${escapeHtml(line)}</p>`,
  );
  const small = smallPrint.map(
    (line) =>
      `<p class="small" style="margin:0 0 4px;font-size:13px;line-height:20px;color:#5b6778">${escapeHtml(line)}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${DARK}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f1f4f8">
<table class="ground" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f1f4f8"><tr><td align="center" style="padding:32px 12px">
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #dde3ec;border-radius:12px">
<tr><td class="ink" style="${font};color:#182230;padding:32px;overflow-wrap:anywhere">
<p class="link" style="margin:0 0 24px;font-size:14px;font-weight:600;color:#3358d4">CloudThinker</p>
<h1 style="margin:0 0 16px;font-size:20px;line-height:28px;font-weight:600">${escapeHtml(lead)}</h1>
${paragraphs.join("\n")}
<table role="presentation" cellpadding="0" cellspacing="0"><tr><td style="background:#3358d4;border-radius:8px">
<a href="${escapeHtml(link)}" style="${font};display:inline-block;padding:12px 24px;font-size:15px;font-weight:600;color:#ffffff;text-decoration:none">${escapeHtml(label)}</a>
</td></tr></table>
<p class="small" style="margin:24px 0 4px;font-size:13px;line-height:20px;color:#5b6778">Or open this link:</p>
<p style="margin:0 0 16px;font-size:13px;line-height:20px;word-break:break-all"><a href="${escapeHtml(link)}" class="link" style="color:#3358d4">${escapeHtml(link)}</a></p>
${small.join("\n")}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

/**
 * Makes a name safe for one line of a mail: no control characters, and a zero-width space after dots, colons and
 * slashes, so that mail clients do not turn a name like "evil.example" into a link.
 */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, " ").trim();
  return line.replace(/([.:/])(?=\S)/g, "$1\u200B");
}

/** Cuts a text to at most `limit` characters, with an ellipsis. */
export function shorten(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join("")}…`;
}

const LISTED_NAMES = 10;

/** The first ten names, and the number of the others. */
export function listOf(names: readonly string[]): string {
  const listed = names.slice(0, LISTED_NAMES).join(", ");
  const more = names.length - LISTED_NAMES;
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** An instant for people, such as "26 November 2026 at 10:00 UTC". */
export function inUtc(time: Date): string {
  return `${time.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" })} UTC`;
}
