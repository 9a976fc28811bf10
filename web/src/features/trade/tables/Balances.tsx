import { Link } from "@tanstack/react-router";
import { useBalances } from "@/api/own";
import type { Balance } from "@/api/types";
import { decimal, shown, ZERO } from "@/lib/decimal";
import { sizeText } from "./cells";
import { type Column, Rows } from "./Rows";
import { useShownRows } from "./selection";

const SMALL_USD = 1;

function isSmall(eqUsd: string): boolean {
  return (decimal(eqUsd) ?? ZERO).lt(SMALL_USD);
}

const COLUMNS: readonly Column<Balance>[] = [
  { head: "Asset", cell: ({ ccy }) => ccy },
  { head: "Total", look: "number", cell: ({ eq }) => sizeText(eq) },
  { head: "Available", look: "number", cell: ({ availBal }) => sizeText(availBal) },
  { head: "In orders", look: "number", cell: ({ frozenBal }) => sizeText(frozenBal) },
  {
    head: "Worth in USD",
    look: "number",
    cell: ({ eqUsd }) => shown(decimal(eqUsd) ?? ZERO, 2),
  },
];

/** What one can trade with, and how much of it orders hold. */
export function Balances() {
  const balances = useBalances();
  const hidesSmall = useShownRows((now) => now.hidesSmall);
  const rows = balances.rows?.filter(({ eqUsd }) => !hidesSmall || !isSmall(eqUsd));
  return (
    <>
      <Rows
        shown={{ ...balances, rows }}
        empty={{ title: "No balances", help: "What you receive shows here." }}
        columns={COLUMNS}
        keyOf={({ ccy }) => ccy}
      />
      <p className="aside quiet">
        The trading wallet. To move money: <Link to="/account">your account</Link>
      </p>
    </>
  );
}
