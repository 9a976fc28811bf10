import { useBalances } from "@/api/own";
import { decimal, shown, ZERO } from "@/lib/decimal";
import { sizeText } from "./cells";
import { Panel } from "./Panel";

/** What one has, and how much of it orders hold. */
export function Balances() {
  return (
    <Panel
      shown={useBalances()}
      empty={{ title: "No balances", help: "What you receive shows here." }}
    >
      {(rows) => (
        <table className="rows tight">
          <thead>
            <tr>
              <th>Asset</th>
              <th className="number">Total</th>
              <th className="number">Available</th>
              <th className="number">In orders</th>
              <th className="number">Worth in USD</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.ccy}>
                <td>{row.ccy}</td>
                <td className="number">{sizeText(row.eq)}</td>
                <td className="number">{sizeText(row.availBal)}</td>
                <td className="number">{sizeText(row.frozenBal)}</td>
                <td className="number">{shown(decimal(row.eqUsd) ?? ZERO, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
