import { type ReactNode, useState } from "react";
import type {
  ByokFallback,
  ByokPageConfigFragment,
  ByokPageOptionsFragment,
  InferenceProfile,
} from "../../graph/generated/graphql";
import { Button } from "../../parts/button";
import { Problem } from "../../parts/problem";
import { toast } from "../../parts/toasts";
import { texts } from "../../texts/en";
import { byokPage } from "../../texts/en/byok";
import styles from "./byok.module.css";
import { Checks } from "./checks";
import { Choice } from "./choice";
import { KeyStep } from "./key-step";
import { PolicyStep } from "./policy-step";
import { useKeyForm } from "./use-key-form";
import { missingIn, WhereStep } from "./where-step";

const page = byokPage;
const FALLBACKS: readonly ByokFallback[] = ["DENY", "ALLOW"];

interface Props {
  organizationId: string;
  options: ByokPageOptionsFragment;
  /** The key to replace. Null: there is none. */
  current: ByokPageConfigFragment | null;
  onInput(): void;
  onSaved(): void;
  /** Null: the page shows nothing but the form. */
  onCancel: (() => void) | null;
}

/** Five steps to the organization's own key. Nothing is stored before all checks have passed. */
export function Setup({ organizationId, options, current, onInput, onSaved, onCancel }: Props) {
  const [region, setRegion] = useState(current?.region ?? "us-east-1");
  const [profile, setProfile] = useState<InferenceProfile>(current?.inferenceProfile ?? "GLOBAL");
  const [fallback, setFallback] = useState<ByokFallback>(current?.fallback ?? "DENY");
  const [accessKeyId, setAccessKeyId] = useState<"AKIA" | "ASIA" | "">("");
  const keys = useKeyForm(organizationId, onInput, () => {
    toast(page.saved);
    onSaved();
  });
  const where = { region, inferenceProfile: profile };
  const save = () => void keys.store(where, fallback);
  const missing = missingIn(options, profile);
  const refusal = missing === null ? (accessKeyId === "" ? page.fillIn : null) : { message: missing };
  const problemOf = (field: string) => (keys.problem?.path?.at(-1) === field ? keys.problem.message : null);
  return (
    <form
      ref={keys.form}
      className={styles.panel}
      aria-labelledby="setup"
      autoComplete="off"
      onInput={keys.reset}
      onSubmit={(event) => event.preventDefault()}
    >
      <h2 id="setup">{current ? page.replaceTitle : page.setup}</h2>
      {current && <p>{page.replaceText}</p>}
      <Meanwhile current={current} isSaving={keys.isSaving} />
      <ol className={styles.steps}>
        <Step name={page.steps.where}>
          <WhereStep
            options={options}
            region={region}
            profile={profile}
            problem={problemOf("region") ?? problemOf("inferenceProfile")}
            onRegion={(chosen) => {
              keys.reset();
              setRegion(chosen);
            }}
            onProfile={setProfile}
          />
        </Step>
        <Step name={page.steps.policy}>
          <PolicyStep profile={profile} />
        </Step>
        <Step name={page.steps.key}>
          <KeyStep
            isTemporary={accessKeyId === "ASIA"}
            problemOf={problemOf}
            onAccessKeyId={(text) => setAccessKeyId(kindOf(text))}
          />
        </Step>
        <Step name={page.steps.checks}>
          <CheckStep keys={keys} models={options.models} refusal={refusal} onCheck={() => void keys.check(where)} />
        </Step>
        <Step name={page.steps.fallback}>
          <Choice
            label={page.steps.fallback}
            value={fallback}
            options={FALLBACKS.map((id) => ({ id, ...page.fallbacks[id] }))}
            onChange={(id: ByokFallback) => setFallback(id)}
          />
        </Step>
      </ol>
      <Footer keys={keys} refusal={refusal} isReplacement={current !== null} onCancel={onCancel} onSave={save} />
    </form>
  );
}

/** Says that somebody else has saved or removed a key since the form was opened. */
function Meanwhile({ current, isSaving }: Pick<Props, "current"> & { isSaving: boolean }) {
  const [opened] = useState(current);
  // The own change can arrive before its answer.
  if (isSaving || current?.accessKeyIdHint === opened?.accessKeyIdHint) return null;
  return (
    <p role="alert" className="notice">
      {current ? page.savedMeanwhile(current.savedBy?.name ?? page.somebody) : page.removedMeanwhile}
    </p>
  );
}

interface FooterProps {
  keys: ReturnType<typeof useKeyForm>;
  refusal: { message: string } | null;
  isReplacement: boolean;
  onCancel: (() => void) | null;
  onSave(): void;
}

function Footer({ keys: { problem, isSaving }, refusal, isReplacement, onCancel, onSave }: FooterProps) {
  const name = isReplacement ? page.saveReplacement : page.save;
  return (
    <>
      {!problem?.path && <Problem problem={problem} />}
      <div className="actions">
        {onCancel && <Button onPress={onCancel}>{texts.cancel}</Button>}
        <Button variant="main" refusal={refusal} isPending={isSaving} onPress={onSave}>
          {isSaving ? page.checking : name}
        </Button>
      </div>
    </>
  );
}

function Step({ name, children }: { name: string; children: ReactNode }) {
  return (
    <li>
      <h3>{name}</h3>
      <div className={styles.step}>{children}</div>
    </li>
  );
}

interface CheckStepProps {
  keys: ReturnType<typeof useKeyForm>;
  models: ByokPageOptionsFragment["models"];
  refusal: { message: string } | null;
  onCheck(): void;
}

function CheckStep({ keys, models, refusal, onCheck }: CheckStepProps) {
  const { verification, isChecking, isSaving } = keys;
  return (
    <>
      <p className="dim">{page.checksText}</p>
      <Checks models={models} verification={verification} isRunning={isChecking || isSaving} />
      <p role="status" className={styles.result}>
        {verification && (verification.ok ? page.allPassed : page.someFailed)}
      </p>
      <div>
        <Button refusal={refusal} isPending={isChecking} onPress={onCheck}>
          {isChecking ? page.checking : page.check}
        </Button>
      </div>
    </>
  );
}

/** The kind of a key, by its prefix. Empty while there is no key. */
function kindOf(text: string): "AKIA" | "ASIA" | "" {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return trimmed.startsWith("ASIA") ? "ASIA" : "AKIA";
}
