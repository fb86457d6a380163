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
