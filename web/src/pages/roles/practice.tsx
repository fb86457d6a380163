import { CircleCheck, TriangleAlert } from "lucide-react";
import { rolesPage } from "../../texts/en/roles";
import styles from "./roles.module.css";

const t = rolesPage;
const USUAL_OWNERS = 2;

/** Advice on giving roles, beginning with the number of Owners. */
export function Practice({ owners }: { owners: number }) {
  const areMany = owners > USUAL_OWNERS;
  return (
    <section className={styles.practice}>
      <h2>{t.practice}</h2>
      <p className={areMany ? styles.many : undefined}>
        {areMany ? <TriangleAlert size={18} aria-hidden /> : <CircleCheck size={18} aria-hidden />}
        {areMany ? t.ownersMany(owners) : t.ownersFew(owners)}
      </p>
      <ul>
        {t.practices.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}
