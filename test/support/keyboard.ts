import type { Locator, Page } from "playwright-core";

const MOST_STOPS = 80;

/** Presses Tab until an element with this accessible name has the focus. Fails if there is none on the way. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    if (matches(await focusedName(page), name)) return;
  }
  throw new Error(`No press of Tab led to ${name}.`);
}

/** Touches the middle of an element with a finger. */
export async function tap(target: Locator): Promise<void> {
  const page = target.page();
  const box = await target.boundingBox();
  if (!box) throw new Error("There is nothing to touch.");
  const debug = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await debug.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await debug.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await debug.detach();
}

/** The accessible name of the element with the focus: its label, or its text. */
export async function focusedName(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const element = document.activeElement;
    if (!element) return "";
    const ids = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
    const labelled = ids.map((id) => {
      const part = document.getElementById(id);
      return part?.getAttribute("aria-label") ?? part?.textContent ?? "";
    });
    const labels = "labels" in element ? [...((element.labels as NodeListOf<Element> | null) ?? [])] : [];
    const label = labelled.join(" ") || element.getAttribute("aria-label") || labels[0]?.textContent;
    return (label || element.textContent || "").trim();
  });
}

function matches(text: string, name: string | RegExp): boolean {
  return typeof name === "string" ? text.includes(name) : name.test(text);
}
