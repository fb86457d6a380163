import { errorIn, unavailable } from "./representation";

interface Answer<Data> {
  data?: Data | null;
  errors?: unknown[];
}

/** Sends an operation to the organizations service. Throws its error with the code, or UNAVAILABLE. */
export async function askOrganizations<Data>(
  url: string,
  authorization: string | null,
  operation: { query: string; variables?: object },
): Promise<Data> {
  const { data, errors } = await post<Data>(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(authorization && { authorization }) },
    body: JSON.stringify(operation),
  });
  if (data) return data;
  throw errorIn(errors?.[0]);
}

async function post<Data>(url: string, request: RequestInit): Promise<Answer<Data>> {
  try {
    return (await (await fetch(url, request)).json()) as Answer<Data>;
  } catch {
    throw unavailable();
  }
}
