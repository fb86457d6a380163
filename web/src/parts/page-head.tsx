import { type ReactNode, useEffect, useRef } from "react";
import styles from "./page-head.module.css";
import { useTitle } from "./use-title";

interface Props {
  title: string;
  text?: ReactNode;
  /** The actions of the page. */
  children?: ReactNode;
}

/** The title of a page, which gets the focus when the page is opened. */
export function PageHead({ title, text, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => heading.current?.focus(), []);
  return (
    <header className={styles.head}>
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {text && <p className="dim">{text}</p>}
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
