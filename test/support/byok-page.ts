import type { Page } from "playwright-core";
import type { AwsStandIn } from "./aws-stand-in";

/** Fills in a key on its page. */
export async function fillKey(page: Page, key: ReturnType<AwsStandIn["key"]>): Promise<void> {
  await page.getByLabel("Access key ID").fill(key.accessKeyId);
  await page.getByLabel("Secret access key").fill(key.secretAccessKey);
  if (key.sessionToken) await page.getByLabel("Session token").fill(key.sessionToken);
}

/** The checks of a key with a name. */
export const checksOf = (page: Page, name: string) =>
  page.getByRole("list", { name: "Checks" }).getByRole("listitem").filter({ hasText: name });

/** Everything that the page keeps: its markup, address and stores, and Apollo Client's cache. */
export async function keptBy(page: Page): Promise<string> {
  const cache = await page.evaluate(cacheOfPage);
  expect(cache).toContain("ROOT_QUERY");
  const rest = await page.evaluate(() => [
    document.documentElement.outerHTML,
    location.href,
    ...Object.values(sessionStorage),
    ...Object.values(localStorage),
  ]);
  return [cache, ...rest].join();
}

interface Fiber {
  memoizedProps?: { client?: { cache: { extract(): object } } };
  child: Fiber | null;
}

/** Runs in the page: finds the client in the props of React's outer components. */
function cacheOfPage(): string {
  const root = document.getElementById("root") as unknown as Record<string, Fiber>;
  const key = Object.keys(root).find((each) => each.startsWith("__reactContainer$")) ?? "";
  for (let fiber: Fiber | null | undefined = root[key]; fiber; fiber = fiber.child) {
    const { client } = fiber.memoizedProps ?? {};
    if (client) return JSON.stringify(client.cache.extract());
  }
  return "";
}
