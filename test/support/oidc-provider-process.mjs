// The real oidc-provider, in a process of its own because it is an ES module. It signs anybody in by name, issues JWTs for
// the service, and rotates refresh tokens: one that is used twice ends the session.
import http from "node:http";
import { Provider } from "oidc-provider";

const server = http.createServer();
let isEnded = false;

server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", (message) => {
  if (message.is === "configure") configure(message);
  else isEnded = message.is === "end";
  process.send({ done: message.is });
});

function configure({ origin, audience, seconds }) {
  const claimsOf = (name) => ({ name, email: `${name.toLowerCase()}@example.com`, email_verified: true });
  const provider = new Provider(`http://localhost:${server.address().port}`, {
    clients: [
      {
        client_id: "console",
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        redirect_uris: [`${origin}/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    clientBasedCORS: () => true,
    extraTokenClaims: (_context, { accountId }) => claimsOf(accountId),
    features: {
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience,
          scope: "",
          accessTokenFormat: "jwt",
          accessTokenTTL: seconds,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
      revocation: { enabled: true },
    },
    findAccount: (_context, sub) => (isEnded ? undefined : { accountId: sub, claims: () => ({ sub, ...claimsOf(sub) }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
  });
  server.on("request", provider.callback());
}
