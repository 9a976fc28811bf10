import { useState } from "react";
import { type SubAccount, subAccounts } from "@/api/subAccounts";
import { dayAndClock } from "@/lib/time";
import { HoldingsTable } from "../funds/HoldingsTable";
import { useWalletsOf } from "../funds/useWallets";
import { KeyDesk } from "../keys/KeyDesk";

/** One sub-account; opened, what it has and its keys. */
export function SubAccountItem({ account }: { account: SubAccount }) {
  const [isOpen, setOpen] = useState(false);
  const { subAcct, uid, ts } = account;
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <strong>{subAcct}</strong> <span className="quiet">uid {uid}</span>{" "}
          <span className="quiet spare">opened {dayAndClock(ts)}</span>
        </summary>
        {isOpen && <Inside name={subAcct} uid={uid} />}
      </details>
    </li>
  );
}

function Inside({ name, uid }: { name: string; uid: string }) {
  return (
    <div className="body">
      <HoldingsTable
        held={useWalletsOf(name)}
        empty={{ title: "No money yet", help: "Transfer some to it, above." }}
      />
      <h3>Keys of {name}</h3>
      <KeyDesk
        queryKey={["sub-account keys", uid]}
        grantable={["trade"]}
        list={() => subAccounts.keys(name)}
        make={(wish) => subAccounts.makeKey(name, wish)}
        remove={(apiKey) => subAccounts.deleteKey(name, apiKey)}
      />
    </div>
  );
}
