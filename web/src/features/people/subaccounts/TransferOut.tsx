import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type SubAccount, subAccounts } from "@/api/subAccounts";
import { useTask } from "@/lib/useTask";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";

/** Whether the keys of a sub-account may move money out of it. The list does not tell "forbidden" from "not said yet". */
export function TransferOut({ account: { subAcct, canTransOut } }: { account: SubAccount }) {
  const queries = useQueryClient();
  const { isBusy, failure, run } = useTask();
  const [isForbidden, setForbidden] = useState(false);

  function choose(may: boolean) {
    void run(async () => {
      await subAccounts.letTransferOut(subAcct, may);
      setForbidden(!may);
      await queries.invalidateQueries({ queryKey: ["sub-accounts"] });
    });
  }

  return (
    <fieldset className="across plain" aria-label="Money out by its own keys">
      <p className="grow">
        Money out by its own keys{" "}
        <span className="quiet">
          {canTransOut
            ? "to you and to your other sub-accounts"
            : isForbidden
              ? "to nobody"
              : "at most to you, until you choose"}
        </span>
      </p>
      <Button aria-pressed={canTransOut} disabled={isBusy} onClick={() => choose(true)}>
        Allow
      </Button>
      <Button
        aria-pressed={isForbidden && !canTransOut}
        disabled={isBusy}
        onClick={() => choose(false)}
      >
        Forbid
      </Button>
      {failure && <Notice kind="error">{failure.message}</Notice>}
    </fieldset>
  );
}
