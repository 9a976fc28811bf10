const KINDS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Version", "Safari"],
] as const;
const SYSTEMS = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux"];

/** What a browser calls itself in its requests, in the words of a person; the beginning of it if it is something else. */
export function browserName(agent: string): string {
  for (const [token, name] of KINDS) {
    const version = new RegExp(`${token}/(\\d+)`).exec(agent)?.[1];
    if (version) {
      const system = SYSTEMS.find((one) => agent.includes(one));
      return system ? `${name} ${version} on ${system}` : `${name} ${version}`;
    }
  }
  return agent.slice(0, 40) || "unknown";
}
