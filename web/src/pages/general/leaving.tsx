import { useState } from "react";
import { Button } from "../../parts/button";
import { useNavigateFromHere } from "../../parts/use-navigate-from-here";
import { generalPage } from "../../texts/en/general";
import { ownershipTexts } from "../../texts/en/ownership";
import { MakeOwnerDialog } from "../ownership/make-owner-dialog";
import type { GeneralOrganization } from "./general";
import styles from "./general.module.css";
import { LeaveDialog } from "./leave-dialog";

/**
 * Lets the viewer leave the organization. The last Owner reads why they cannot, and can make another member Owner here.
 */
export function Leaving({ organization }: { organization: GeneralOrganization }) {
  const [isLeaving, setLeaving] = useState(false);
  const [isMakingOwner, setMakingOwner] = useState(false);
  const navigate = useNavigateFromHere();
  const { leaveRefusal } = organization;
  return (
    <section className={styles.card} aria-labelledby="leaving">
      <h2 id="leaving">{generalPage.leaveTitle}</h2>
      <p className="dim">{leaveRefusal?.message ?? generalPage.leaveText}</p>
      <div className={styles.foot}>
        {leaveRefusal?.code === "LAST_OWNER" && (
          <Button onPress={() => setMakingOwner(true)}>{ownershipTexts.makeOwner}</Button>
        )}
        <Button variant="danger" refusal={leaveRefusal} onPress={() => setLeaving(true)}>
          {generalPage.leave}
        </Button>
      </div>
      {isLeaving && (
        <LeaveDialog
          organization={organization}
          onClose={() => setLeaving(false)}
          onLeft={() => void navigate({ to: "/organizations" })}
        />
      )}
      {isMakingOwner && <MakeOwnerDialog onClose={() => setMakingOwner(false)} />}
    </section>
  );
}
