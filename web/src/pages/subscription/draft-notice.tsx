import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { subscriptionPage } from "../../texts/en/subscription";
import { readDraft } from "../invite/draft";
import styles from "./subscription.module.css";

const page = subscriptionPage;

/** For a person who left the invite dialog for a plan with more seats: a link back to their input. */
export function DraftNotice({ organizationId }: { organizationId: string }) {
  const [draft] = useState(() => readDraft(organizationId));
  if (!draft || draft.pieces.length === 0) return null;
  return (
    <section className={styles.waiting} aria-label={page.draft}>
      <h2>{page.draft}</h2>
      <p>{page.draftText(draft.pieces.length)}</p>
      <div>
        <Link to="/organizations/$organizationId/members" params={{ organizationId }} search={{ invite: true }}>
          {page.toDraft}
        </Link>
      </div>
    </section>
  );
}
