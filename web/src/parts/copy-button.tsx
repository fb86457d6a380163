import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts/en";
import { IconButton } from "./button";
import { toast } from "./toasts";

/** Copies a text. `label` names it. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast(texts.notCopied);
    }
  };
  return (
    <IconButton label={isCopied ? texts.copied : label} onPress={() => void copy()}>
      {isCopied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
    </IconButton>
  );
}
