import { Link, useLocation } from "@tanstack/react-router";
import { useContext } from "react";
import { OverlayTriggerStateContext } from "react-aria-components";
import type { OrganizationPermission, RefusalCode } from "../graph/generated/graphql";
import { OrganizationContext } from "../shell/organization-context";
import { texts } from "../texts/en";

type Path = "subscription" | "byok" | "members" | "general" | "reviews";

/** A page of the organization with a remedy. */
interface Step {
  label: keyof Omit<typeof texts.nextSteps, "sentences">;
  path: Path;
  search?: { role: "OWNER" } | { tab: "answered" };
  /** For viewers without this permission, the link leads to the list of Owners. */
  needs?: OrganizationPermission;
}

const OWNERS: Step = { label: "owners", path: "members", search: { role: "OWNER" } };
const PLANS: Step = { label: "plans", path: "subscription", needs: "MANAGE_BILLING" };
const INVITATIONS: Step = { label: "invitations", path: "members", search: { tab: "answered" } };
const MEMBERS: Step = { label: "members", path: "members" };
const REVIEWS: Step = { label: "reviews", path: "reviews", needs: "REVIEW_ACCESS" };

/** The page for each refusal. Absent refusals are resolved on their own page. */
const IN_ORGANIZATION: Partial<Record<RefusalCode, Step>> = {
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

/** The pages for refusals without an organization. */
const WITHOUT_ORGANIZATION: Partial<Record<RefusalCode, "/organizations" | "/invitations">> = {
  ORGANIZATION_LIMIT_REACHED: "/organizations",
  ALREADY_A_MEMBER: "/organizations",
  INVITATION_NOT_PENDING: "/invitations",
  INVITATION_EXPIRED: "/invitations",
};

/** The organization of a problem. Dialogs outside the organization's pages pass it. */
export interface StepOrganization {
  id: string;
  viewerPermissions: readonly OrganizationPermission[];
}

/** A sentence about the remedy for a refusal, with a link to its page. The same on every page. */
export function RefusalStep({
  code,
  organization,
}: {
  code: RefusalCode;
  organization?: StepOrganization | undefined;
}) {
  const current = useContext(OrganizationContext)?.organization ?? organization;
  return (
    <p>
      {texts.nextSteps.sentences[code]}{" "}
      {current ? <StepInOrganization code={code} organization={current} /> : <StepWithoutOrganization code={code} />}
    </p>
  );
}

function StepInOrganization({ code, organization }: { code: RefusalCode; organization: StepOrganization }) {
  const { pathname } = useLocation();
  const overlay = useContext(OverlayTriggerStateContext);
  const step = IN_ORGANIZATION[code];
  if (!step) return null;
  const isOpen = !step.needs || organization.viewerPermissions.includes(step.needs);
  const { label, path, search = {} } = isOpen ? step : OWNERS;
  // A dialog would cover its own page.
  const uncover = () => pathname.endsWith(`/${path}`) && overlay?.close();
  return (
    <Link
      to={`/organizations/$organizationId/${path}`}
      params={{ organizationId: organization.id }}
      search={search}
      onClick={uncover}
    >
      {texts.nextSteps[label]}
    </Link>
  );
}

function StepWithoutOrganization({ code }: { code: RefusalCode }) {
  const to = WITHOUT_ORGANIZATION[code];
  if (!to) return null;
  return <Link to={to}>{to === "/invitations" ? texts.nextSteps.received : texts.nextSteps.organizations}</Link>;
}
