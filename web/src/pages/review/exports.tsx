import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "../../parts/button";
import { saveFile } from "../../parts/csv";
import { Problem } from "../../parts/problem";
import { useSession } from "../../session/session-context";
import { reviewPage } from "../../texts/en/reviews";

const page = reviewPage;

/** Saves the evidence as a file. It needs the person's token, so a link cannot do it. */
export function Exports({ organizationId, reviewId }: { organizationId: string; reviewId: string }) {
  const session = useSession();
  const [problem, setProblem] = useState<{ message: string } | null>(null);
  const save = async (format: "csv" | "json") => {
    setProblem(null);
    try {
      const headers = { authorization: `Bearer ${await session.current()}` };
      const response = await fetch(`/organizations/${organizationId}/access-reviews/${reviewId}.${format}`, {
        headers,
      });
      if (!response.ok) throw new Error(`${response.status}`);
      saveFile(`access-review-${reviewId}.${format}`, await response.blob());
    } catch {
      setProblem({ message: page.exportFailed });
    }
  };
  return (
    <>
      <Button onPress={() => void save("csv")}>
        <Download size={16} aria-hidden />
        {page.exportCsv}
      </Button>
      <Button onPress={() => void save("json")}>{page.exportJson}</Button>
      <Problem problem={problem} />
    </>
  );
}
