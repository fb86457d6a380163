import { byokPage } from "../../texts/en/byok";
import { SecretField } from "./secret-field";

const page = byokPage;

interface Props {
  isTemporary: boolean;
  /** Why the service refused a field. */
  problemOf(field: string): string | null;
  onAccessKeyId(text: string): void;
}

/** The key. A temporary one needs its session token, too. */
export function KeyStep({ isTemporary, problemOf, onAccessKeyId }: Props) {
  const field = (name: "accessKeyId" | "secretAccessKey" | "sessionToken" | "sessionTokenExpiresAt") => ({
    name,
    label: page[name],
    problem: problemOf(name),
  });
  return (
    <>
      <SecretField {...field("accessKeyId")} hint={page.accessKeyIdHint} onInput={onAccessKeyId} />
      <SecretField {...field("secretAccessKey")} type="password" hint={page.secretHint} />
      {isTemporary && (
        <>
          <SecretField {...field("sessionToken")} type="password" hint={page.sessionTokenHint} />
          <SecretField {...field("sessionTokenExpiresAt")} type="datetime-local" hint={page.sessionEndHint} />
        </>
      )}
    </>
  );
}
