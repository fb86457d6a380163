import { Check, CircleDashed, X } from "lucide-react";
import type { ByokPageChecksFragment, ByokPageOptionsFragment } from "../../graph/generated/graphql";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";

const page = byokPage;

type Models = ByokPageOptionsFragment["models"];
type Result = Omit<ByokPageChecksFragment["checks"][number], "__typename" | "ok"> & { ok: boolean | null };

interface Props {
  models: Models;
  /** Null: not checked yet. */
  verification: ByokPageChecksFragment | null;
  isRunning?: boolean;
}

/** The single checks of a key. A failed one shows AWS's code and the next step. */
export function Checks({ models, verification, isRunning = false }: Props) {
  const results: readonly Result[] = isRunning || !verification ? plannedFor(models) : verification.checks;
  return (
    <ul className={styles.checks} aria-label={page.steps.checks} aria-busy={isRunning}>
      {results.map((result) => (
        <li key={`${result.kind} ${result.modelId}`} className={styles[toneOf(result)]}>
          <Mark ok={result.ok} />
          <div>
            <strong>{nameOf(result, models)}</strong>{" "}
            <span>{result.ok === null ? (isRunning ? page.checking : page.waiting) : wordOf(result)}</span>
            {result.code && <code>{result.code}</code>}
            {result.message && <p>{result.message}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Mark({ ok }: { ok: boolean | null }) {
  if (ok === null) return <CircleDashed size={18} aria-hidden />;
  return ok ? <Check size={18} aria-hidden /> : <X size={18} aria-hidden />;
}

function toneOf({ ok }: Result): "open" | "passed" | "failed" {
  if (ok === null) return "open";
  return ok ? "passed" : "failed";
}

function wordOf({ ok }: Result): string {
  return ok ? page.passed : page.failed;
}

function nameOf({ kind, modelId }: Result, models: Models): string {
  if (kind !== "MODEL_ACCESS") return page.checkNames[kind];
  return page.modelCheck(models.find(({ id }) => id === modelId)?.name ?? modelId ?? "");
}

/** The checks that the service is about to run. */
function plannedFor(models: Models): Result[] {
  const open = { modelId: null, ok: null, code: null, message: null };
  return [
    { ...open, kind: "CREDENTIALS" },
    ...models.map(({ id }) => ({ ...open, kind: "MODEL_ACCESS" as const, modelId: id })),
    { ...open, kind: "PERMISSIONS" },
  ];
}
