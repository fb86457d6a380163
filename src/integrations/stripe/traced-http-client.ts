import Stripe from "stripe";
import { type Span, traced } from "../../tracing/span";

type HttpClient = InstanceType<typeof Stripe.HttpClient>;

/** Stripe's HTTP client with a span for every attempt of a call. The paths' ids are replaced. */
export function tracedHttpClient(span: Span): HttpClient {
  const client = Stripe.createNodeHttpClient();
  const makeRequest: HttpClient["makeRequest"] = (host, port, path, method, ...rest) => {
    const route = routeOf(path);
    const attributes = { "http.request.method": method, "url.template": route };
    return traced(span, [`stripe ${method} ${route}`, "client", attributes], async (call) => {
      const response = await client.makeRequest(host, port, path, method, ...rest);
      call?.set({ "http.response.status_code": response.getStatusCode() });
      return response;
    });
  };
  return { getClientName: () => client.getClientName(), makeRequest };
}

/** Stripe's resources are lower-case words; every id has a digit or a capital. */
function routeOf(path: string): string {
  const [resource = ""] = path.split("?");
  return resource.replace(/\/(?!v\d+(?=\/))[^/]*[0-9A-Z%][^/]*/g, "/:id");
}
