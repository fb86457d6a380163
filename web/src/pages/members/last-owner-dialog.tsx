import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { MembersListDocument, MembersSetRoleDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Effects, useDryRun } from "../../parts/dry-run";
import { Field } from "../../parts/field";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useOrganization } from "../../shell/organization-context";
import { texts } from "../../texts/en";
import { membersPage } from "../../texts/en/members";
import styles from "./members.module.css";
import type { MemberRow } from "./types";

const t = membersPage;

/** Says why the last Owner has to stay, and offers to make another member Owner. */
export function LastOwnerDialog({ message, onClose }: { message: string; onClose(): void }) {
  const [isChoosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState<MemberRow | null>(null);
  return (
    <Dialog title={isChoosing ? t.makeOwner : t.lastOwnerTitle} isOpen onClose={onClose}>
      {!isChoosing && (
        <>
          <p role="status">{message}</p>
          <div className="actions">
            <Button onPress={onClose}>{texts.cancel}</Button>
            <Button variant="main" autoFocus onPress={() => setChoosing(true)}>
              {t.makeOwner}
            </Button>
          </div>
        </>
      )}
      {isChoosing && !chosen && <Candidates onChoose={setChosen} />}
      {isChoosing && chosen && <Confirm member={chosen} onBack={() => setChosen(null)} onClose={onClose} />}
    </Dialog>
  );
}

function Candidates({ onChoose }: { onChoose(member: MemberRow): void }) {
  const { organization } = useOrganization();
  const [search, setSearch] = useState("");
  const { data, previousData } = useQuery(MembersListDocument, {
    variables: {
      organizationId: organization.id,
      search: search.trim() || null,
      roles: ["ADMIN", "DEVELOPER", "VIEWER"],
      orderBy: "NAME",
    },
    fetchPolicy: "cache-and-network",
  });
  const members = (data ?? previousData)?.organization?.members.edges.map(({ node }) => node) ?? [];
  return (
    <>
      <p>{t.makeOwnerText}</p>
      <Field label={t.search} value={search} onChange={setSearch} autoFocus />
      {data && members.length === 0 && <p role="status">{search ? t.noMatch : t.nobodyToMake}</p>}
      <ul className={styles.candidates}>
        {members.slice(0, 20).map((member) => (
          <li key={member.id}>
            <span className={styles.person}>
              <strong dir="auto">{member.user.name}</strong>
              <span className="dim"> {texts.roles[member.role]}</span>
              <span className={`dim ${styles.line}`}>{member.user.email}</span>
            </span>
            <Button aria-label={t.makeOwnerOf(member.user.name)} onPress={() => onChoose(member)}>
              {t.choose}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Confirm({ member, onBack, onClose }: { member: MemberRow; onBack(): void; onClose(): void }) {
  const { organization } = useOrganization();
  const { send, problem, isSending } = useCommand(MembersSetRoleDocument);
  const input = { organizationId: organization.id, memberId: member.id, role: "OWNER" as const };
  const { outcome, error } = useDryRun({ changeMemberRole: input });
  const { name } = member.user;
  const make = async () => {
    if (!(await send({ input }))) return;
    toast(t.ownerMade(name));
    onClose();
  };
  return (
    <>
      {!error && <Effects outcome={outcome} />}
      <Problem problem={problem} />
      <div className="actions">
        <Button onPress={onBack}>{t.back}</Button>
        <Button variant="main" autoFocus isPending={isSending} onPress={() => void make()}>
          {t.makeOwnerOf(name)}
        </Button>
      </div>
    </>
  );
}
