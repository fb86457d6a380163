import { useApolloClient } from "@apollo/client/react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { InviteFindDocument } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button } from "../../parts/button";
import { Failed } from "../../parts/page-states";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { invitePage } from "../../texts/en/invite";
import { ResendButton } from "../members/resend-button";
import type { InvitationRow } from "../members/types";
import type { Chip, ChipState } from "./chips";
import styles from "./invite.module.css";

const t = invitePage;

const TONES: Record<ChipState, "neutral" | "good" | "warn" | "bad"> = {
  ready: "neutral",
  sending: "neutral",
  invited: "good",
  ALREADY_A_MEMBER: "warn",
  ALREADY_INVITED: "warn",
  INVALID_EMAIL: "bad",
  DUPLICATE: "warn",
};

interface Props {
  chips: readonly Chip[];
  onMore(): void;
  onClose(): void;
}

/** The outcome of each address, and a next step for those that were not invited. */
export function InviteOutcome({ chips, onMore, onClose }: Props) {
  const invited = chips.filter(({ state }) => state === "invited").length;
  return (
    <>
      <p role="status">{t.invited(invited)}</p>
      <OutcomeList chips={chips} />
      <div className="actions">
        <Button onPress={onMore}>{t.more}</Button>
        <Button variant="main" autoFocus onPress={onClose}>
          {texts.close}
        </Button>
      </div>
    </>
  );
}

/** Every address with its state. */
export function OutcomeList({ chips }: { chips: readonly Chip[] }) {
  return (
    <ul className={styles.outcomes} aria-label={t.outcomes}>
      {chips.map(({ id, text, state }) => (
        <li key={id}>
          <span className={styles.address}>{text}</span>
          <Badge tone={TONES[state]}>{t.states[state]}</Badge>
          {state === "ALREADY_A_MEMBER" && <ToMember address={text} />}
          {state === "ALREADY_INVITED" && <ResendHere address={text} />}
        </li>
      ))}
    </ul>
  );
}

function ToMember({ address }: { address: string }) {
  const { organization } = useOrganization();
  return (
    <Link
      to="/organizations/$organizationId/members"
      params={{ organizationId: organization.id }}
      search={{ tab: "active", q: address }}
    >
      {t.toMember}
    </Link>
  );
}

/** Finds the pending invitation to an address, and sends it again. */
function ResendHere({ address }: { address: string }) {
  const client = useApolloClient();
  const { organization } = useOrganization();
  const [found, setFound] = useState<InvitationRow | null | undefined>(undefined);
  const [error, setError] = useState<unknown>(null);
  const find = async () => {
    const { data } = await client.query({
      query: InviteFindDocument,
      variables: { organizationId: organization.id, email: address },
      fetchPolicy: "network-only",
    });
    const edges = data?.organization?.invitations?.edges ?? [];
    setError(null);
    setFound(edges.find(({ node }) => node.email === address)?.node ?? null);
  };
  const press = () => void find().catch(setError);
  if (found) return <ResendButton invitation={found} />;
  if (error) return <Failed error={error} onRetry={press} />;
  return <Button onPress={press}>{found === null ? t.gone : t.resend}</Button>;
}
