import { type Span, traced } from "../../tracing/span";
import type { Integrations, Services } from "./unit-of-work";

/** The same services within a span: statements and calls to other services become parts of it. Unchanged for null. */
export function tracedServices(services: Services, span: Span | null): Services {
  if (!span) return services;
  const integrations = tracedIntegrations(services.integrations, span);
  return { ...services, database: services.database.withSpan(span), integrations };
}

function tracedIntegrations(integrations: Integrations, span: Span): Integrations {
  const { billing, bedrock, keyWrapper, mailer } = integrations;
  return {
    ...integrations,
    billing: billing?.withSpan(span) ?? null,
    bedrock: bedrock.withSpan(span),
    keyWrapper: {
      ...keyWrapper,
      wrap: (...parameters) => traced(span, ["wrap data key", "client"], () => keyWrapper.wrap(...parameters)),
      unwrap: (...parameters) => traced(span, ["unwrap data key", "client"], () => keyWrapper.unwrap(...parameters)),
    },
    mailer: {
      send: (message) => traced(span, ["send mail", "client"], () => mailer.send(message)),
      close: () => mailer.close(),
    },
  };
}
