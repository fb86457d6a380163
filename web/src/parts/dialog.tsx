import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import styles from "./dialog.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  /** For tables and grids. */
  isWide?: boolean;
  onClose(): void;
  children: ReactNode;
}

/** A dialog over the page. Escape closes it, and focus returns to its opener. */
export function Dialog({ title, isOpen, isWide, onClose, children }: Props) {
  return (
    <ModalOverlay isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable className={styles.overlay}>
      <Modal className={`${styles.modal} ${isWide ? styles.wide : ""}`}>
        <AriaDialog className={styles.dialog}>
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
