import { useQuery } from "@tanstack/react-query";
import { useSession } from "@/api/session";
import { subAccounts } from "@/api/subAccounts";

/** The sub-accounts that there are, newest first. */
export function useSubAccounts() {
  const key = useSession((session) => session.key?.apiKey ?? "");
  return useQuery({
    queryKey: ["sub-accounts", key],
    queryFn: subAccounts.list,
    enabled: key !== "",
  });
}
