/** What the browsers know and TypeScript does not yet. Source: W3C, Trusted Types. */
interface Window {
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): { createScriptURL(url: string): object };
  };
}
