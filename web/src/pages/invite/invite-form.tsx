import { useQuery } from "@apollo/client/react";
import { type FormEvent, useState } from "react";
import { MembersRolesDocument } from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Failed } from "../../parts/page-states";
import { Problem } from "../../parts/problem";
import { texts } from "../../texts/en";
import { invitePage } from "../../texts/en/invite";
import { AccessGrid } from "../access/access-grid";
import type { Summary } from "../members/types";
import { AddressInput } from "./address-input";
import { BATCH_SIZE, type Chip, withPieces } from "./chips";
import styles from "./invite.module.css";
import { OutcomeList } from "./outcome";
import { piecesIn } from "./parse-addresses";
import { RoleCards } from "./role-cards";
import { SeatsAfter } from "./seats-after";
import type { useInvite } from "./use-invite";

const t = invitePage;

interface Props {
  invite: ReturnType<typeof useInvite>;
  summary: Summary;
  onSend(chips: readonly Chip[]): void;
  onClose(): void;
}

export function InviteForm({ invite, summary, onSend, onClose }: Props) {
  const [text, setText] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const ready = invite.chips.filter(({ state }) => state === "ready").map(({ text: address }) => address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (invite.isSending) return;
    // Typed text that is not a chip yet is sent, too.
    const chips = withPieces(invite.chips, piecesIn(text));
    invite.setChips(chips);
    setText("");
    const isEmpty = chips.every(({ state }) => state !== "ready");
    setMissing(isEmpty ? t.nobody : null);
    if (!isEmpty) onSend(chips);
  };
  const isLong = ready.length > BATCH_SIZE;
  return (
    <form onSubmit={submit} className={styles.form}>
      {!invite.problem && <Hindrance refusal={summary.invitationRefusal} />}
      <AddressInput
        chips={invite.chips}
        text={text}
        problem={missing}
        onText={setText}
        onAdd={invite.add}
        onRemove={invite.remove}
      />
      {isLong && <p className="dim">{t.batches(Math.ceil(ready.length / BATCH_SIZE))}</p>}
      <RoleAndWorkspaces invite={invite} organizationId={summary.id} />
      {/* Another plan answers another dry run. */}
      <SeatsAfter
        key={summary.memberLimit?.limit}
        organizationId={summary.id}
        emails={ready}
        role={invite.role}
        now={summary.memberLimit}
      />
      {invite.isSending && <OutcomeList chips={invite.chips} />}
      <SendProblem problem={invite.problem} now={summary.memberLimit} />
      <div className={`actions ${styles.foot}`}>
        <Button onPress={onClose}>{texts.cancel}</Button>
        <Button variant="main" type="submit" isPending={invite.isSending}>
          {invite.problem ? texts.tryAgain : t.send}
        </Button>
      </div>
    </form>
  );
}

/** Why nobody can be invited now, said before anything is typed. A full plan is shown by the seats. */
function Hindrance({ refusal }: { refusal: Summary["invitationRefusal"] }) {
  return refusal && refusal.code !== "MEMBER_LIMIT_REACHED" && <Problem problem={refusal} />;
}

function RoleAndWorkspaces({ invite, organizationId }: { invite: Props["invite"]; organizationId: string }) {
  const { data, error, refetch } = useQuery(MembersRolesDocument);
  const roles = data?.roles ?? [];
  const inherited = roles.find(({ role }) => role === invite.role)?.workspaceRole;
  return (
    <>
      {error && <Failed error={error} onRetry={() => refetch()} />}
      <RoleCards roles={roles} value={invite.role} onChange={invite.setRole} />
      <section className={styles.workspaces}>
        <h3>{t.workspaces}</h3>
        {invite.role === "ADMIN" || !inherited ? (
          <p className="dim">{t.everyWorkspace}</p>
        ) : (
          <AccessGrid
            organizationId={organizationId}
            choices={invite.choices}
            inherited={inherited}
            onChange={invite.choose}
          />
        )}
      </section>
    </>
  );
}

interface ProblemProps {
  problem: Props["invite"]["problem"];
  now: Summary["memberLimit"];
}

function SendProblem({ problem, now }: ProblemProps) {
  const limit = problem?.code === "MEMBER_LIMIT_REACHED" ? problem.limit : null;
  // The plan has changed since.
  if (limit && now && (now.limit ?? null) !== (limit.limit ?? null)) return null;
  const fits = limit ? Math.max(0, (limit.limit ?? 0) - limit.used) : null;
  return <Problem problem={problem} action={fits !== null && <p>{t.fits(fits)}</p>} />;
}
