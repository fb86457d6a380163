import { startGateway } from "./start-gateway";

/** `npm run gateway`: beside a running organizations service (`npm start`). */
async function main(): Promise<void> {
  const { GATEWAY_PORT, PORT, ORGANIZATIONS_URL, GATEWAY_SECRETS } = process.env;
  const organizationsUrl = ORGANIZATIONS_URL || `http://127.0.0.1:${PORT || 4000}/graphql`;
  const gateway = await startGateway({
    port: Number(GATEWAY_PORT || 4100),
    organizationsUrl,
    gatewaySecret: GATEWAY_SECRETS?.split(",")[0]?.trim(),
    agentsToken: () => developmentToken(organizationsUrl),
  });
  process.stdout.write(`\n  The gateway serves ${gateway.url} over ${organizationsUrl} and the example agents.\n\n`);
  let isStopping = false;
  const stop = () => {
    // npm forwards a signal that the whole process group gets, so it can arrive twice.
    if (isStopping) return;
    isStopping = true;
    void gateway.stop().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** A token of the development issuer. In production a service gets its token from the identity provider. */
async function developmentToken(organizationsUrl: string): Promise<string> {
  const response = await fetch(new URL("/dev/tokens", organizationsUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ service: "agents", scopes: ["permissions:read", "events:read"] }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (!token) throw new Error("The organizations service issued no token.");
  return token;
}

main().catch((error: unknown) => {
  process.stderr.write(`The gateway did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
