import { createRootRoute, createRoute, createRouter, Navigate, Outlet } from "@tanstack/react-router";
import { InvitationPage } from "./pages/invitation/invitation";
import { Members } from "./pages/members/members";
import { Organizations } from "./pages/organizations/organizations";
import { Callback } from "./session/callback";
import { SignedIn } from "./session/signed-in";
import { Layout } from "./shell/layout";
import { NotFound } from "./shell/not-found";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: () => (
    <SignedIn>
      <Layout />
    </SignedIn>
  ),
});

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/callback", component: Callback }),
  createRoute({ getParentRoute: () => root, path: "/invitations/$token", component: InvitationPage }),
  signedIn.addChildren([
    createRoute({
      getParentRoute: () => signedIn,
      path: "/",
      component: () => <Navigate to="/organizations" replace />,
    }),
    createRoute({ getParentRoute: () => signedIn, path: "/organizations", component: Organizations }),
    createRoute({ getParentRoute: () => signedIn, path: "/organizations/$organizationId/members", component: Members }),
  ]),
]);

export const router = createRouter({ routeTree: routes });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
