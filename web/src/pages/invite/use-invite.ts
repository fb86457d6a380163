import { useEffect, useState } from "react";
import { InviteSendDocument, type InviteSendMutation, type OrganizationRole } from "../../graph/generated/graphql";
import type { Problem } from "../../parts/outcome";
import { report } from "../../parts/toasts";
import { useCommand } from "../../parts/use-command";
import { useIsShown } from "../../parts/use-is-shown";
import { type Choice, type Choices, toGrants, withEdits } from "../access/choices";
import { batchesOf, type Chip, moved, withPieces } from "./chips";
import { dropDraft, keepDraft, readDraft } from "./draft";

type Success = Extract<InviteSendMutation["inviteMembers"], { __typename: "InviteMembersSuccess" }>;

/** The invite dialog's form: its input, and sending it in batches. */
export function useInvite(organizationId: string) {
  const form = useForm(organizationId);
  const { attempt } = useCommand(InviteSendDocument);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setSending] = useState(false);
  const isShown = useIsShown();
  const sendBatch = async (emails: string[]): Promise<Success | null> => {
    form.setChips((before) => moved(before, emails, () => "sending"));
    const workspaces = form.role === "ADMIN" ? [] : toGrants(form.choices);
    const outcome = await attempt({ input: { organizationId, emails, role: form.role, workspaces } });
    setProblem(outcome.problem);
    if (outcome.problem && !isShown.current) report(outcome.problem);
    form.setChips((before) => moved(before, emails, stateAfter(outcome.result)));
    return outcome.result;
  };
  /** Sends one batch after the other, and stops at the first that fails. Returns whether every address was invited. */
  const send = async (chips: readonly Chip[]): Promise<boolean> => {
    setSending(true);
    const sent: Array<Success | null> = [];
    for (const batch of batchesOf(chips)) {
      const result = await sendBatch(batch);
      sent.push(result);
      if (!result) break;
    }
    setSending(false);
    return sent.length > 0 && sent.every((each) => each?.skipped.length === 0);
  };
  return { ...form, problem, isSending, send };
}

/** A refused batch can be sent again. */
function stateAfter(result: Success | null) {
  return (text: string) =>
    result ? (result.skipped.find(({ email }) => email === text)?.reason ?? "invited") : "ready";
}

/** The input, kept in this tab until it is sent or discarded. */
function useForm(organizationId: string) {
  const [draft] = useState(() => readDraft(organizationId));
  const [chips, setChips] = useState<readonly Chip[]>(() => withPieces([], draft?.pieces ?? []));
  const [role, setRole] = useState<OrganizationRole>(draft?.role ?? "DEVELOPER");
  const [choices, setChoices] = useState<Choices>(() => new Map(draft?.choices));
  useEffect(() => {
    const pieces = chips.filter(({ state }) => state !== "invited").map(({ text }) => text);
    keepDraft(organizationId, { pieces, role, choices: [...choices] });
  }, [organizationId, chips, role, choices]);
  return {
    ...{ chips, setChips, role, setRole, choices },
    add: (pieces: readonly string[]) => setChips((before) => withPieces(before, pieces)),
    remove: (id: string) => setChips((before) => withoutChip(before, id)),
    choose: (workspaceId: string, choice: Choice | null) =>
      setChoices((before) => withEdits(before, new Map([[workspaceId, choice]]))),
    giveUp: () => dropDraft(organizationId),
  };
}

/** A duplicate becomes valid once the first chip with the address is removed. */
function withoutChip(chips: readonly Chip[], id: string): Chip[] {
  const others = chips.filter((chip) => chip.id !== id);
  const isFresh = others.every(({ state }) => state === "ready" || state === "INVALID_EMAIL" || state === "DUPLICATE");
  return isFresh
    ? withPieces(
        [],
        others.map(({ text }) => text),
      )
    : others;
}
