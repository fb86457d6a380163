import { useState } from "react";
import { Button } from "../../parts/button";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { generalPage } from "../../texts/en/general";
import { ownershipTexts } from "../../texts/en/ownership";
import { TransferDialog } from "../ownership/transfer-dialog";
import type { GeneralOrganization } from "./general";
import styles from "./general.module.css";

/** The Owners of the organization, and the transfer of ownership. */
export function Ownership({ organization }: { organization: GeneralOrganization }) {
  const { organization: place, may } = useOrganization();
  const [isTransferring, setTransferring] = useState(false);
  const { edges, totalCount } = organization.members;
  const refusal = may("TRANSFER_OWNERSHIP") ? null : { message: generalPage.onlyOwnersTransfer };
  return (
    <section className={styles.card} aria-labelledby="ownership">
      <h2 id="ownership">{generalPage.ownership}</h2>
      <p className="dim">{generalPage.owners(totalCount)}</p>
      <ul className={styles.people}>
        {edges.map(({ node: { id, user } }) => (
          <li key={id}>
            <span dir="auto">{user.name}</span>
            {id === place.viewerMember?.id && <span className="dim"> ({texts.you})</span>}
            {user.email && <span className="dim"> {user.email}</span>}
          </li>
        ))}
      </ul>
      {organization.isPersonal && <p className="dim">{generalPage.personalTransfer}</p>}
      <div className={styles.foot}>
        <Button refusal={refusal} onPress={() => setTransferring(true)}>
          {ownershipTexts.transfer}
        </Button>
      </div>
      {isTransferring && <TransferDialog onClose={() => setTransferring(false)} />}
    </section>
  );
}
