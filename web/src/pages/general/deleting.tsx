import { useQuery } from "@apollo/client/react";
import { type FormEvent, useEffect, useState } from "react";
import { GeneralCountsDocument, GeneralDeleteDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Effects } from "../../parts/dry-run";
import { Field } from "../../parts/field";
import type { Outcome } from "../../parts/outcome";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useDryRun } from "../../parts/use-dry-run";
import { useWhileShown } from "../../parts/use-is-shown";
import { useNavigateFromHere } from "../../parts/use-navigate-from-here";
import { UNSHARED } from "../../parts/use-refresh";
import { wordsOf } from "../../parts/why";
import { texts } from "../../texts/en";
import { generalPage } from "../../texts/en/general";
import type { GeneralOrganization } from "./general";
import styles from "./general.module.css";

/** Deletes the organization for everybody, to be restored for 30 days. */
export function Deleting({ organization }: { organization: GeneralOrganization }) {
  const [isDeleting, setDeleting] = useState(false);
  const { deletionRefusal: why } = organization;
  const deletionRefusal = why?.code === "FORBIDDEN" ? { message: generalPage.onlyOwnersDelete } : why;
  return (
    <section className={`${styles.card} ${styles.danger}`} aria-labelledby="deleting">
      <h2 id="deleting">{generalPage.deleteTitle}</h2>
      <p className="dim">{deletionRefusal ? wordsOf(deletionRefusal) : generalPage.deleteText}</p>
      <div className={styles.foot}>
        <Button variant="danger" refusal={deletionRefusal} onPress={() => setDeleting(true)}>
          {generalPage.delete}
        </Button>
      </div>
      {isDeleting && <DeleteDialog organization={organization} onClose={() => setDeleting(false)} />}
    </section>
  );
}

function DeleteDialog({ organization: { id, name }, onClose }: { organization: GeneralOrganization; onClose(): void }) {
  const navigate = useNavigateFromHere();
  const [typed, setTyped] = useState("");
  const { send, problem, isSending } = useCommand(GeneralDeleteDocument);
  const dryRun = useDryRun({ deleteOrganization: { organizationId: id, confirmName: name } }, isSending);
  const close = useWhileShown(onClose);
  const refusal = dryRun.outcome?.__typename === "Refusal" ? dryRun.outcome : null;
  const isNamed = typed.normalize("NFC").trim() === name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isNamed || refusal || !(await send({ input: { organizationId: id, confirmName: typed } }))) return;
    close();
    toast(generalPage.deleted(name));
    await navigate({ to: "/organizations" });
  };
  return (
    <Dialog title={generalPage.deleteQuestion(name)} isOpen onClose={onClose}>
      <form className={styles.dialogForm} onSubmit={(event) => void submit(event)}>
        <Consequences organizationId={id} changed={dryRun.hasChanged ? dryRun.outcome : null} />
        <Effects {...dryRun} />
        <Field label={generalPage.typeName(name)} value={typed} onChange={setTyped} autoComplete="off" autoFocus />
        <Problem problem={problem} />
        <div className="actions">
          <Button onPress={onClose}>{texts.cancel}</Button>
          <Button
            variant="danger"
            type="submit"
            isPending={isSending || dryRun.isOutdated}
            refusal={refusal ?? (isNamed ? null : { message: generalPage.typeNameFirst })}
          >
            {generalPage.delete}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Counted again whenever the dry run has another outcome. */
function Consequences({ organizationId, changed }: { organizationId: string; changed: Outcome | null }) {
  const { data, refetch } = useQuery(GeneralCountsDocument, {
    variables: { organizationId },
    fetchPolicy: "cache-and-network",
    context: UNSHARED,
  });
  useEffect(() => {
    // A failed read leaves the earlier numbers; the effects below say that they could not be read.
    if (changed) void refetch().catch(() => undefined);
  }, [changed, refetch]);
  const counts = data?.organization;
  return (
    <ul className={styles.consequences}>
      {counts && <li>{generalPage.loseAccess(counts.members.totalCount, counts.workspaces.totalCount)}</li>}
      <li>{generalPage.linksEnd}</li>
      <li>{generalPage.restorable}</li>
    </ul>
  );
}
