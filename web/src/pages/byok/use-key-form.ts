import { type RefObject, useRef, useState } from "react";
import {
  type ByokCredentialsInput,
  type ByokFallback,
  type ByokPageChecksFragment,
  ByokPageSaveDocument,
  ByokPageTestDocument,
  type InferenceProfile,
} from "../../graph/generated/graphql";
import { useCommand } from "../../parts/use-command";
import { useWhileShown } from "../../parts/use-is-shown";

interface Where {
  region: string;
  inferenceProfile: InferenceProfile;
}

/** Checks and saves the key in a form. The secrets stay in its fields, which are cleared once the key is saved. */
export function useKeyForm(organizationId: string, onInput: () => void, onSaved: () => void) {
  const form = useRef<HTMLFormElement>(null);
  const test = useCommand(ByokPageTestDocument, { fetchPolicy: "no-cache" });
  const save = useCommand(ByokPageSaveDocument, { fetchPolicy: "no-cache" });
  const [verification, setVerification] = useState<ByokPageChecksFragment | null>(null);
  const finish = useWhileShown(onSaved);
  const begin = () => {
    setVerification(null);
    test.clear();
    save.clear();
  };
  const check = async (where: Where) => {
    begin();
    const tested = await test.send({ input: credentialsIn(form, organizationId, where) });
    setVerification(tested?.verification ?? null);
  };
  const store = async (where: Where, fallback: ByokFallback) => {
    begin();
    const credentials = credentialsIn(form, organizationId, where);
    const saved = await save.send({ input: { credentials, fallback } });
    if (saved?.__typename === "ByokVerificationFailed") setVerification(saved.verification);
    if (saved?.__typename !== "SaveByokConfigSuccess") return;
    form.current?.reset();
    finish();
  };
  return {
    form,
    check,
    store,
    verification,
    /** Drops the result of an earlier check, because the fields have changed. The list of regions sends no event of input. */
    reset: () => {
      setVerification(null);
      onInput();
    },
    problem: test.problem ?? save.problem,
    isChecking: test.isSending,
    isSaving: save.isSending,
  };
}

function credentialsIn(
  form: RefObject<HTMLFormElement | null>,
  organizationId: string,
  where: Where,
): ByokCredentialsInput {
  const fields = new FormData(form.current ?? undefined);
  const text = (name: string) => String(fields.get(name) ?? "");
  const end = text("sessionTokenExpiresAt");
  return {
    organizationId,
    ...where,
    accessKeyId: text("accessKeyId"),
    secretAccessKey: text("secretAccessKey"),
    sessionToken: text("sessionToken") || null,
    sessionTokenExpiresAt: end ? new Date(end).toISOString() : null,
  };
}
