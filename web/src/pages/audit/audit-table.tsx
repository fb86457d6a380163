import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment, useState } from "react";
import type { AuditRowFragment } from "../../graph/generated/graphql";
import { IconButton } from "../../parts/button";
import { CopyButton } from "../../parts/copy-button";
import table from "../../parts/table.module.css";
import { TimeAgo } from "../../parts/time";
import { auditPage } from "../../texts/en/audit";
import { nameOf } from "./actor";
import styles from "./audit.module.css";
import { labelOf } from "./event-types";
import { isLimit, labelOfField, withReadableTimes, wordsOf } from "./field-labels";
import { useWorkspaceNames } from "./use-workspace-names";

interface Props {
  rows: readonly AuditRowFragment[];
  onActor(actorId: string): void;
}

const page = auditPage;

export function AuditTable({ rows, onActor }: Props) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (sequence: number) => {
    const next = new Set(open);
    if (!next.delete(sequence)) next.add(sequence);
    setOpen(next);
  };
  return (
    <div className={table.frame}>
      <table className={table.table}>
        <thead>
          <tr>
            <th className={table.number}>{page.number}</th>
            <th>{page.when}</th>
            <th>{page.who}</th>
            <th>{page.what}</th>
            <th>
              <span className="unseen">{page.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.sequence}>
              <Row row={row} isOpen={open.has(row.sequence)} onToggle={() => toggle(row.sequence)} onActor={onActor} />
              {open.has(row.sequence) && <Details row={row} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: AuditRowFragment;
  isOpen: boolean;
  onToggle(): void;
  onActor(actorId: string): void;
}

function Row({ row, isOpen, onToggle, onActor }: RowProps) {
  const { sequence, type, occurredAt, actorLabel, summary, actor } = row;
  return (
    <tr className={styles.row}>
      <td className={`${table.number} ${styles.number}`} data-label={page.number}>
        {sequence}
      </td>
      <td data-label={page.when} className={styles.time}>
        <TimeAgo at={occurredAt} />
      </td>
      <td data-label={page.who} className={styles.who}>
        {actor ? (
          <button
            type="button"
            className={styles.actor}
            title={page.onlyBy(actor.name)}
            onClick={() => onActor(actor.id)}
            dir="auto"
          >
            {actor.name}
          </button>
        ) : (
          <span className="dim">{nameOf(actorLabel)}</span>
        )}
      </td>
      <td className={styles.what}>
        <div>
          {withReadableTimes(summary)}
          <div className={styles.type}>{labelOf(type)}</div>
        </div>
      </td>
      <td className={styles.toggle}>
        <IconButton label={page.details(sequence)} isExpanded={isOpen} onPress={onToggle}>
          {isOpen ? <ChevronDown size={18} aria-hidden /> : <ChevronRight size={18} aria-hidden />}
        </IconButton>
      </td>
    </tr>
  );
}

/** A field without a value. For a limit, that means that there is none. */
function Nothing({ field }: { field: string }) {
  return <span className="dim">{isLimit(field) ? page.unlimited : "–"}</span>;
}

function Details({ row: { sequence, hash, changes, occurredAt } }: { row: AuditRowFragment }) {
  const nameOfWorkspace = useWorkspaceNames();
  return (
    <tr className={styles.details}>
      <td colSpan={5}>
        <div className={styles.panel}>
          <p className="dim">
            {new Date(occurredAt).toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" })}
          </p>
          {changes.length === 0 ? (
            <p className="dim">{page.noChanges}</p>
          ) : (
            <ul className={styles.changes}>
              {changes.map(({ field, before, after }) => (
                <li key={field}>
                  <strong dir="auto">{labelOfField(field, nameOfWorkspace)}</strong>
                  <span className="unseen">{page.before}</span>
                  {before === null ? <Nothing field={field} /> : <del dir="auto">{wordsOf(field, before)}</del>}
                  <span aria-hidden className="dim">
                    →
                  </span>
                  <span className="unseen">{page.after}</span>
                  {after === null ? <Nothing field={field} /> : <ins dir="auto">{wordsOf(field, after)}</ins>}
                </li>
              ))}
            </ul>
          )}
          <p className={styles.hash}>
            <span className="dim">{page.hash}</span> <code>{hash}</code>
            <CopyButton label={page.copyHash(sequence)} text={hash} />
          </p>
        </div>
      </td>
    </tr>
  );
}
