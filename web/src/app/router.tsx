import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  Navigate,
  redirect,
} from "@tanstack/react-router";
import { useSession } from "@/api/session";
import { Markets } from "@/features/markets/Markets";
import { Account } from "@/features/people/Account";
import { Entry } from "@/features/people/Entry";
import { Trade } from "@/features/trade/Trade";
import { Bones } from "@/ui/Bones";
import { Empty } from "@/ui/Empty";
import { Layout } from "./Layout";

const root = createRootRoute({
  component: Layout,
  notFoundComponent: () => (
    <main>
      <Empty title="There is no such page">
        <Link to="/markets">All markets</Link>
      </Empty>
    </main>
  ),
});

const trade = createRoute({
  getParentRoute: () => root,
  path: "/trade/$instId",
  component: () => <Trade instId={trade.useParams().instId} />,
});

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    beforeLoad: () => {
      throw redirect({ to: "/markets" });
    },
  }),
  createRoute({ getParentRoute: () => root, path: "/markets", component: Markets }),
  trade,
  createRoute({
    getParentRoute: () => root,
    path: "/sign-up",
    component: () => <Entry key="new" isNew />,
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/log-in",
    component: () => <Entry key="known" isNew={false} />,
  }),
  createRoute({ getParentRoute: () => root, path: "/account", component: OnlyKnown }),
  createRoute({
    getParentRoute: () => root,
    path: "/assets",
    beforeLoad: () => {
      throw redirect({ to: "/account" });
    },
  }),
] as const;

export const router = createRouter({ routeTree: root.addChildren(routes) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

function OnlyKnown() {
  const { state, trouble } = useSession();
  if (state === "unknown") {
    return (
      <main className="account">
        {trouble ? <Empty title="One moment">{trouble}</Empty> : <Bones rows={12} />}
      </main>
    );
  }
  return state === "in" ? <Account /> : <Navigate to="/log-in" />;
}
