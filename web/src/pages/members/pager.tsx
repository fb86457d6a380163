import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "../../parts/button";
import { texts } from "../../texts/en";
import styles from "./members.module.css";

const t = texts.membersPage;

interface Props {
  from: number;
  to: number;
  total: number;
  hasPrevious: boolean;
  hasNext: boolean;
  previous(): void;
  next(): void;
}

/** The range of the shown rows, and buttons for the other pages. Absent if there is only one page. */
export function Pager({ from, to, total, hasPrevious, hasNext, previous, next }: Props) {
  if (!hasPrevious && !hasNext) return null;
  return (
    <div className={styles.pager}>
      <span>{t.page(from, to, total)}</span>
      {hasPrevious && (
        <IconButton label={t.previous} onPress={previous}>
          <ChevronLeft size={18} aria-hidden />
        </IconButton>
      )}
      {hasNext && (
        <IconButton label={t.nextPage} onPress={next}>
          <ChevronRight size={18} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}
