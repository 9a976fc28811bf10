import { useState } from "react";
import { type SubAccount, subAccounts } from "@/api/subAccounts";
import { dayAndClock } from "@/lib/time";
import { HoldingsTable } from "../funds/HoldingsTable";
import { useWalletsOf } from "../funds/useWallets";
import { KeyDesk } from "../keys/KeyDesk";
import { TransferOut } from "./TransferOut";

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
        {isOpen && <Inside account={account} />}
      </details>
    </li>
  );
}

function Inside({ account }: { account: SubAccount }) {
  const { subAcct: name, uid } = account;
  return (
    <div className="body">
      <HoldingsTable
        held={useWalletsOf(name)}
        empty={{ title: "No money yet", help: "Transfer some to it, above." }}
      />
      <TransferOut account={account} />
      <h3>Keys of {name}</h3>
      <KeyDesk
        queryKey={["sub-account keys", uid]}
        grantable={["trade"]}
        list={() => subAccounts.keys(name)}
        make={(wish) => subAccounts.makeKey(name, wish)}
        change={(apiKey, wanted) => subAccounts.changeKey(name, apiKey, wanted)}
        remove={(apiKey) => subAccounts.deleteKey(name, apiKey)}
      />
    </div>
  );
}
