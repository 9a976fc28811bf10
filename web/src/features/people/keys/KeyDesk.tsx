import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Key, KeyChange, KeyWish, WholeKey } from "@/api/site";
import { useTask } from "@/lib/useTask";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Notice } from "@/ui/Notice";
import { Trouble } from "@/ui/Trouble";
import { KeyForm } from "./KeyForm";
import { KeyRows } from "./KeyRows";
import { KeyShown } from "./KeyShown";

interface Props {
  /** Whose keys they are. */
  queryKey: readonly string[];
  /** What a key may be allowed besides reading. */
  grantable: readonly (keyof typeof GRANTS)[];
  list: () => Promise<Key[]>;
  make: (wish: KeyWish) => Promise<WholeKey>;
  remove: (apiKey: string) => Promise<unknown>;
  change?: (apiKey: string, wanted: KeyChange) => Promise<unknown>;
}

const GRANTS = { trade: "Trade", withdraw: "Withdraw" } as const;

/** The API keys of one account: made, shown once, deleted. */
export function KeyDesk({ queryKey, grantable, list, make, remove, change }: Props) {
  const queries = useQueryClient();
  const keys = useQuery({ queryKey, queryFn: list });
  const [made, setMade] = useState<WholeKey | null>(null);
  const { isBusy, failure, run } = useTask();
  const grants = grantable.map((name) => [name, GRANTS[name]] as const);
  const again = () => queries.invalidateQueries({ queryKey });

  return (
    <>
      <KeyForm
        grants={grants}
        isBusy={isBusy}
        failure={failure}
        onWish={(wish, form) =>
          void run(async () => {
            setMade(await make(wish));
            form.reset();
            await again();
          })
        }
      />
      {made && <KeyShown made={made} onDone={() => setMade(null)} />}
      {keys.isPending && <Bones rows={2} />}
      {keys.isError && !keys.data && (
        <Trouble error={keys.error} again={() => void keys.refetch()} />
      )}
      {keys.isError && keys.data && <Notice kind="error">{keys.error.message}</Notice>}
      {keys.data?.length === 0 && (
        <Empty title="No keys yet">Make one above and paste the snippet into a terminal.</Empty>
      )}
      {!!keys.data?.length && (
        <KeyRows
          keys={keys.data}
          isBusy={isBusy}
          grants={grants}
          change={
            change &&
            (async (apiKey, wanted) => {
              await change(apiKey, wanted);
              await again();
            })
          }
          onDelete={(apiKey) =>
            void run(async () => {
              await remove(apiKey);
              if (made?.apiKey === apiKey) setMade(null);
              await again();
            })
          }
        />
      )}
    </>
  );
}
