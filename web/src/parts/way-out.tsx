import { Link, useLocation } from "@tanstack/react-router";
import { useContext } from "react";
import { OverlayTriggerStateContext } from "react-aria-components";
import type { OrganizationPermission, RefusalCode } from "../graph/generated/graphql";
import { OrganizationContext } from "../shell/organization-context";
import { texts } from "../texts/en";

type Path = "subscription" | "byok" | "members" | "general" | "reviews";

/** A page of the organization that helps. */
interface Way {
  label: keyof Omit<typeof texts.waysOut, "sentences">;
  path: Path;
  search?: { role: "OWNER" } | { tab: "answered" };
  /** Without it, the way leads to the Owners. */
  needs?: OrganizationPermission;
}

const OWNERS: Way = { label: "owners", path: "members", search: { role: "OWNER" } };
const PLANS: Way = { label: "plans", path: "subscription", needs: "MANAGE_BILLING" };
const INVITATIONS: Way = { label: "invitations", path: "members", search: { tab: "answered" } };
const MEMBERS: Way = { label: "members", path: "members" };
const REVIEWS: Way = { label: "reviews", path: "reviews", needs: "REVIEW_ACCESS" };

/** Where each refusal leads. Those that are absent are settled where they stand. */
const WAYS: Partial<Record<RefusalCode, Way>> = {
  MEMBER_LIMIT_REACHED: PLANS,
  WORKSPACE_LIMIT_REACHED: PLANS,
  ROLE_TOO_HIGH: OWNERS,
  LAST_OWNER: { label: "ownership", path: "general" },
  IMPLICIT_ACCESS: MEMBERS,
  INVITATION_NOT_PENDING: INVITATIONS,
  INVITATION_EXPIRED: INVITATIONS,
  ALREADY_A_MEMBER: MEMBERS,
  PLAN_UNKNOWN: PLANS,
  PLAN_UNCHANGED: PLANS,
  PLAN_LIMIT_EXCEEDED: PLANS,
  PLAN_WITHOUT_BYOK: PLANS,
  PAYMENT_REQUIRED: { label: "payment", path: "subscription", needs: "MANAGE_BILLING" },
  BYOK_NOT_CONFIGURED: { label: "key", path: "byok", needs: "CONFIGURE_BYOK" },
  CREDITS_EXHAUSTED: PLANS,
  REVIEW_NOT_OPEN: REVIEWS,
  REVIEW_OPEN_ALREADY: REVIEWS,
  OWN_ACCESS: OWNERS,
  NOT_REINSTATABLE: MEMBERS,
  FORBIDDEN: OWNERS,
};

/** Those that people meet outside an organization. */
const OUTSIDE: Partial<Record<RefusalCode, "/organizations" | "/invitations">> = {
  ORGANIZATION_LIMIT_REACHED: "/organizations",
  ALREADY_A_MEMBER: "/organizations",
  INVITATION_NOT_PENDING: "/invitations",
  INVITATION_EXPIRED: "/invitations",
};

/** The place of an organization: where it is not around the problem, a dialog names it. */
export interface PlaceOfWay {
  id: string;
  viewerPermissions: readonly OrganizationPermission[];
}

/** What helps against a refusal, in words and as a way to the page where it is done. The same wherever it is met. */
export function WayOut({ code, organization }: { code: RefusalCode; organization?: PlaceOfWay | undefined }) {
  const place = useContext(OrganizationContext)?.organization ?? organization;
  return (
    <p>
      {texts.waysOut.sentences[code]} {place ? <WayInside code={code} place={place} /> : <WayOutside code={code} />}
    </p>
  );
}

function WayInside({ code, place }: { code: RefusalCode; place: PlaceOfWay }) {
  const { pathname } = useLocation();
  const overlay = useContext(OverlayTriggerStateContext);
  const best = WAYS[code];
  if (!best) return null;
  const isOpen = !best.needs || place.viewerPermissions.includes(best.needs);
  const { label, path, search = {} } = isOpen ? best : OWNERS;
  // A dialog would cover the page that it stands on.
  const uncover = () => pathname.endsWith(`/${path}`) && overlay?.close();
  return (
    <Link
      to={`/organizations/$organizationId/${path}`}
      params={{ organizationId: place.id }}
      search={search}
      onClick={uncover}
    >
      {texts.waysOut[label]}
    </Link>
  );
}

function WayOutside({ code }: { code: RefusalCode }) {
  const to = OUTSIDE[code];
  if (!to) return null;
  return <Link to={to}>{to === "/invitations" ? texts.waysOut.received : texts.waysOut.organizations}</Link>;
}
