import { Check, NotebookPen, Pencil, UserX } from "lucide-react";
import type { ReviewItemFragment } from "../../graph/generated/graphql";
import { Badge } from "../../parts/badge";
import { Button, IconButton } from "../../parts/button";
import { RoleBadge } from "../../parts/role-badge";
import { Day } from "../../parts/time";
import { texts } from "../../texts/en";
import { reviewPage } from "../../texts/en/reviews";
import styles from "./review.module.css";
import type { Browsing } from "./use-browsing";

const page = reviewPage;

interface Props {
  item: ReviewItemFragment;
  isOpen: boolean;
  browsing: Browsing;
  onDecide(decision: "KEEP" | "REMOVE"): void;
  onOpen(dialog: "change" | "note"): void;
}

/** One person: access, findings, and the decision on them. */
export function ItemRow({ item, isOpen, browsing, onDecide, onOpen }: Props) {
  const { id, userName, role, findings, decisionRefusal, lastSeenAt } = item;
  const isCurrent = isOpen && browsing.current?.id === id;
  return (
    <li
      className={styles.item}
      aria-label={userName}
      aria-current={isCurrent || undefined}
      tabIndex={-1}
      ref={(element) => {
        if (isCurrent) browsing.element.current = element;
      }}
      onFocus={() => browsing.settle(id)}
    >
      {isOpen && !decisionRefusal && (
        <input
          type="checkbox"
          aria-label={page.select(userName)}
          checked={browsing.selected.has(id)}
          onChange={() => browsing.toggle(id)}
        />
      )}
      <div className={styles.person}>
        <p>
          <strong dir="auto">{userName}</strong> <RoleBadge role={role} />
        </p>
        <p className={styles.access}>
          <Access item={item} />
          {" · "}
          {lastSeenAt ? (
            <>
              {page.lastSeen} <Day at={lastSeenAt} isWholeDay />
            </>
          ) : (
            page.neverSeen
          )}
        </p>
        {findings.length > 0 && (
          <p className={styles.findings}>
            {findings.map((finding) => (
              <Badge key={finding} tone="warn">
                {page.findings[finding]}
              </Badge>
            ))}
          </p>
        )}
      </div>
      <Decision item={item} />
      {isOpen && decisionRefusal && <p className={styles.refusal}>{decisionRefusal.message}</p>}
      {isOpen && !decisionRefusal && <Actions item={item} onDecide={onDecide} onOpen={onOpen} />}
    </li>
  );
}

function Access({ item: { role, grants } }: { item: ReviewItemFragment }) {
  if (role === "OWNER" || role === "ADMIN") return page.everyWorkspace;
  if (grants.length === 0) return page.noWorkspace;
  return <bdi>{grants.map(nameOf).join(", ")}</bdi>;
}

function nameOf({ workspaceName, roleOverride }: ReviewItemFragment["grants"][number]): string {
  return page.grant(workspaceName, roleOverride ? texts.roles[roleOverride] : null);
}

/** The decision, its author and its outcome. */
function Decision({ item }: { item: ReviewItemFragment }) {
  const { decision, decidedBy, note, newRole, newGrants, outcome } = item;
  if (!decision && !outcome) return <div className={styles.decision} />;
  const changes = [
    ...(newRole ? [page.becomes(texts.roles[newRole])] : []),
    ...(newGrants ? [page.workspacesBecome(newGrants.map(nameOf))] : []),
  ];
  const tone = decision === "REMOVE" ? "bad" : decision === "CHANGE" ? "warn" : "good";
  return (
    <div className={styles.decision}>
      <p>
        {decision && <Badge tone={tone}>{page.decided[decision]}</Badge>}{" "}
        {outcome && <Badge>{page.outcomes[outcome]}</Badge>}
      </p>
      {changes.length > 0 && <p dir="auto">{changes.join("; ")}</p>}
      {decidedBy && <p className="dim">{page.by(decidedBy.name)}</p>}
      {note && (
        <p className={styles.note} dir="auto">
          {note}
        </p>
      )}
    </div>
  );
}

function Actions({ item, onDecide, onOpen }: Pick<Props, "item" | "onDecide" | "onOpen">) {
  const { userName, decision } = item;
  const label = (each: "KEEP" | "CHANGE" | "REMOVE") => page.decide(page.decisions[each], userName);
  return (
    <div className={styles.actions}>
      <Button aria-label={label("KEEP")} onPress={() => onDecide("KEEP")}>
        <Check size={16} aria-hidden />
        {page.decisions.KEEP}
      </Button>
      <Button aria-label={label("CHANGE")} onPress={() => onOpen("change")}>
        <Pencil size={16} aria-hidden />
        {page.decisions.CHANGE}
      </Button>
      <Button aria-label={label("REMOVE")} onPress={() => onDecide("REMOVE")}>
        <UserX size={16} aria-hidden />
        {page.decisions.REMOVE}
      </Button>
      <IconButton
        label={page.noteFor(userName)}
        refusal={decision ? null : { message: page.noteNeedsDecision }}
        onPress={() => onOpen("note")}
      >
        <NotebookPen size={18} aria-hidden />
      </IconButton>
    </div>
  );
}
