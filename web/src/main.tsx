import { ApolloProvider } from "@apollo/client/react";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import "./base.css";
import { connection } from "./graph/connection";
import { createClient } from "./graph/create-client";
import { clearAnnouncements } from "./parts/announcer";
import { keepFocus } from "./parts/kept-focus";
import { clearToasts } from "./parts/toasts";
import { router } from "./routes";
import { Session } from "./session/session";
import { SessionContext } from "./session/session-context";
import { accessLosses } from "./shell/access-losses";
import { theme } from "./shell/theme";

async function start(): Promise<void> {
  const container = document.getElementById("root");
  if (!container) throw new Error("The page has no element for the console.");
  theme.apply();
  keepFocus();
  const session = await Session.open();
  const client = createClient({
    url: `${location.origin}/graphql`,
    tokens: session,
    onState: connection.update,
    onReconnected: connection.reconnected,
    onRestored: connection.restored,
  });
  // The next person who signs in in this tab must not see data of the previous one.
  session.subscribe(() => {
    if (session.currentState() !== "signed-out") return;
    void client.clearStore();
    accessLosses.forgetAll();
    clearToasts();
    clearAnnouncements();
  });
  createRoot(container).render(
    <SessionContext value={session}>
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
      </ApolloProvider>
    </SessionContext>,
  );
}

void start();
