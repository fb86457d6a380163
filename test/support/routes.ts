import type { Page, Route } from "playwright-core";

interface Request {
  operationName?: string;
  variables?: Record<string, unknown>;
}

const REFUSAL = { errors: [{ message: "The service is busy.", extensions: { code: "UNAVAILABLE" } }] };

/** Whether a request sends this operation, with this text in its variables. */
function isOf(route: Route, operationName: string, text: string): boolean {
  const request = (route.request().postDataJSON() ?? {}) as Request;
  return request.operationName === operationName && JSON.stringify(request.variables).includes(text);
}

/** Answers the next such request with an error. */
export async function refuseOnce(page: Page, operationName: string, text = ""): Promise<void> {
  let isDone = false;
  await page.route("**/graphql", async (route) => {
    if (isDone || !isOf(route, operationName, text)) return await route.fallback();
    isDone = true;
    await route.fulfill({ json: REFUSAL });
  });
}

/** Holds the answers to such requests until `answer` is called. `asked`: the first one has come. */
export async function holdAnswer(page: Page, operationName: string, text = "") {
  let [arrive, answer] = [() => {}, () => {}];
  const asked = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/graphql", async (route) => {
    if (isOf(route, operationName, text)) {
      arrive();
      await answered;
    }
    await route.fallback();
  });
  return { asked, answer };
}
