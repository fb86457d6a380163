import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { OrganizationPermission } from "./graph/generated/graphql";
import { auditSearch } from "./pages/audit/search";
import { membersSearch } from "./pages/members/search";
import { organizationsSearch } from "./pages/organizations/search";
import { subscriptionSearch } from "./pages/subscription/search";
import { Loading } from "./parts/loading";
import { Callback } from "./session/callback";
import { SignedIn } from "./session/signed-in";
import { Layout } from "./shell/layout";
import { NotFound } from "./shell/not-found";
import { OrganizationLayout } from "./shell/organization-layout";
import { PermissionGate } from "./shell/permission-gate";
import { Start } from "./shell/start";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main className="narrow">
      <NotFound />
    </main>
  ),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: () => (
    <SignedIn>
      <Layout />
    </SignedIn>
  ),
});

const organization = createRoute({
  getParentRoute: () => signedIn,
  path: "/organizations/$organizationId",
  component: OrganizationLayout,
});

/** A page for people with the permission. For others the page is not loaded, and they read why. */
function gated(permission: OrganizationPermission, Page: ComponentType) {
  return () => (
    <PermissionGate permission={permission}>
      <Page />
    </PermissionGate>
  );
}

const organizationPages = organization.addChildren([
  createRoute({
    getParentRoute: () => organization,
    path: "/",
    beforeLoad: ({ params }) => {
      throw redirect({ to: "/organizations/$organizationId/general", params, replace: true });
    },
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "general",
    component: lazyRouteComponent(() => import("./pages/general/general"), "General"),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "members",
    validateSearch: membersSearch,
    component: lazyRouteComponent(() => import("./pages/members/members"), "Members"),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "roles",
    component: lazyRouteComponent(() => import("./pages/roles/roles"), "Roles"),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "workspaces",
    component: lazyRouteComponent(() => import("./pages/workspaces/workspaces"), "Workspaces"),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "workspaces/$workspaceId",
    component: lazyRouteComponent(() => import("./pages/workspace/workspace"), "WorkspacePage"),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "subscription",
    validateSearch: subscriptionSearch,
    component: gated(
      "MANAGE_BILLING",
      lazyRouteComponent(() => import("./pages/subscription/subscription"), "Subscription"),
    ),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "byok",
    component: gated(
      "CONFIGURE_BYOK",
      lazyRouteComponent(() => import("./pages/byok/byok"), "Byok"),
    ),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "audit",
    validateSearch: auditSearch,
    component: gated(
      "VIEW_AUDIT_LOG",
      lazyRouteComponent(() => import("./pages/audit/audit"), "AuditLog"),
    ),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "reviews",
    component: gated(
      "REVIEW_ACCESS",
      lazyRouteComponent(() => import("./pages/reviews/reviews"), "AccessReviews"),
    ),
  }),
  createRoute({
    getParentRoute: () => organization,
    path: "reviews/$reviewId",
    component: gated(
      "REVIEW_ACCESS",
      lazyRouteComponent(() => import("./pages/review/review"), "AccessReviewPage"),
    ),
  }),
]);

const routes = root.addChildren([
  createRoute({ getParentRoute: () => root, path: "/callback", component: Callback }),
  createRoute({
    getParentRoute: () => root,
    path: "/invitations/$token",
    component: lazyRouteComponent(() => import("./pages/invitation/invitation"), "InvitationPage"),
  }),
  signedIn.addChildren([
    createRoute({
      getParentRoute: () => signedIn,
      path: "/",
      component: Start,
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/organizations",
      validateSearch: organizationsSearch,
      component: lazyRouteComponent(() => import("./pages/organizations/organizations"), "Organizations"),
    }),
    organizationPages,
    createRoute({
      getParentRoute: () => signedIn,
      path: "/invitations",
      component: lazyRouteComponent(() => import("./pages/received/received"), "ReceivedInvitations"),
    }),
    createRoute({
      getParentRoute: () => signedIn,
      path: "/account",
      component: lazyRouteComponent(() => import("./pages/account/account"), "Account"),
    }),
  ]),
]);

export const router = createRouter({
  routeTree: routes,
  defaultPendingComponent: () => <Loading panels={[56, 420]} />,
  defaultPendingMs: 150,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
